; The second operand of BAL, BAS, BRAS, JAS is the target.
(subroutine_call operands: (operands . (operand) . (operand . (symbol) @call.name .))) @call

; CALL SUB,(…)   LINK EP=SUB   PERFORM SUB
(call_statement operands: (operands . (operand . (symbol) @call.name .))) @call
((call_statement operands: (operands (operand . (keyword) @_key (symbol) @call.name .))) @call
  (#match? @_key "^[Ee][Pp]$"))

; L R15,=V(SUB)
((instruction operands: (operands (operand (literal (symbol) @_type) . "(" . (symbol) @call.name))) @call
  (#match? @_type "^[Vv]$"))

(copy_statement operands: (operands . (operand (symbol) @call.name))) @call @call.copy
(macro_call operation: (operation) @call.name) @call @call.macro

; EXEC CICS LINK PROGRAM('SUB')
((exec_statement
  (word) @_verb
  (exec_option name: (word) @_option argument: (exec_argument . "(" . (_) @call.name . ")"))) @call
  (#match? @_verb "^([Ll][Ii][Nn][Kk]|[Xx][Cc][Tt][Ll]|[Ll][Oo][Aa][Dd])$")
  (#match? @_option "^[Pp][Rr][Oo][Gg][Rr][Aa][Mm]$"))

; B LABEL   BC 15,LABEL   BCT R1,LABEL: the last operand is where it goes.
((branch_statement operands: (operands (operand . (symbol) @call.branch .) .))
  (#not-match? @call.branch "^[Rr]?[0-9]{1,2}$"))
