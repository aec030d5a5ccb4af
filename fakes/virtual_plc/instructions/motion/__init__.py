"""Motion control: MC_Power, MC_Reset, MC_Home and the commands that move an axis."""
