; Calls: x86 call, ARM bl/blx/blr, RISC-V and MIPS jal/jalr, SPARC and others bsr/bal, MASM invoke, RISC-V's pseudo call.
((instruction
  mnemonic: (mnemonic) @_mnemonic
  .
  (operand (identifier) @call.name .)) @call
  (#match? @_mnemonic "^([cC][aA][lL][lL][a-zA-Z]?|[bB][lL]([xX]|[rR]|[rR][aA][aAbB][zZ]?)?([a-z]{2})?|[jJ][aA][lL]([rR][sS]?)?|[bB][sS][rR](\\.[a-z])?|[jJ][sS][rR]|[bB][aA][lL]|[iI][nN][vV][oO][kK][eE]|tail)$")
  (#not-match? @_mnemonic "^(ble|bls|blt)$"))

; Branches to labels of this file, often numeric (1b, 2f).
((instruction
  mnemonic: (mnemonic) @_mnemonic
  (operand [(identifier) (local_reference)] @call.branch .) .)
  (#match? @_mnemonic "^([jJ][a-zA-Z]{1,6}|[lL][oO][oO][pP][a-zA-Z]{0,2}|b|b\\.?(eq|ne|cs|hs|cc|lo|mi|pl|vs|vc|hi|ls|ge|lt|gt|le|al|nv)(\\.[nw])?|cbn?z|tbn?z|b(eq|ne|lt|ge|gt|le)[uz]?|b(eq|ne|lt|ge|gt|le)z)$")
  (#not-match? @_mnemonic "^([jJ][aA][lL][rR]?|[jJ][sS][rR])$"))

; A macro of the project looks like an instruction. Mnemonics with a dot and the commonest instructions are left out; the
; rest counts as a use only when a macro of that name is known.
((instruction mnemonic: (mnemonic) @call.macro) @call
  (#not-match? @call.macro "^([A-Za-z]{1,4}|.*[.%\\\\].*|v?p?(mov|add|sub|mul|shuf|unpck|cmp|min|max|and|or|xor|sll|srl|sra|pack|abs|sign|blend|broadcast|extract|insert|perm|align|avg|test|zext|cvt)[a-z0-9]*|[vs][a-z]{3,7}[0-9]?|push[a-z]?|call[a-z]?|movs?[xz]?[a-z]{0,2}|(lod|sto|sca|cmp|mov)s[bwdq])$"))

(include path: (path) @import)
