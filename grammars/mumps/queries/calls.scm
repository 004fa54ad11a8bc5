; DO, GOTO and JOB. A call without @call.routine stays in its own routine; one without @call.name enters at the routine's top.
(call
  label: (label_name)? @call.name
  routine: (routine_name)? @call.routine) @call

; $$LABEL^ROUTINE(…)
(extrinsic_call
  label: (label_name)? @call.name
  routine: (routine_name)? @call.routine) @call

; $TEXT reads the source of a routine: a dependency on its lines
(text_call
  (text_reference
    label: (label_name)? @call.name
    routine: (routine_name)? @call.routine)) @call
