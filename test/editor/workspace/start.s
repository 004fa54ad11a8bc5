        .text
        .globl  add_words
# adds two words
add_words:
        mov     %rdi, %rax
        add     %rsi, %rax
        ret
