"""Closed-loop controllers: PID_Compact, PID_3Step, CONT_C, CONT_S, PULSEGEN."""
