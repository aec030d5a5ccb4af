"""Operations on runtime data: sources, tags, values, rules, history, alarms and sinks."""
