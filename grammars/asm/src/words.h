/* The words that tell what kind of statement a line holds. Tables are sorted; `find_word` searches them by halves. */
#ifndef ASM_WORDS_H
#define ASM_WORDS_H

#include "tokens.h"
#include <stdbool.h>
#include <stdint.h>

#define WORD_MAX 24

/* Which dialect a word speaks for. SHARED says nothing; NOT_GAS words are plain mnemonics once GAS is certain. */
enum Voice { SHARED, FOR_GAS, FOR_NASM, FOR_MASM, NOT_GAS };

typedef struct {
  char text[WORD_MAX];
  uint8_t token;
  uint8_t voice;
  uint8_t blocks; /* the blocks that an END closes */
} Word;

/* Words that begin with a dot. */
static const Word DOT_WORDS[] = {
    {".align", DIRECTIVE, FOR_GAS, 0},
    {".altmacro", DIRECTIVE, FOR_GAS, 0},
    {".arch", DIRECTIVE, FOR_GAS, 0},
    {".arm", DIRECTIVE, FOR_GAS, 0},
    {".ascii", DIRECTIVE, FOR_GAS, 0},
    {".asciz", DIRECTIVE, FOR_GAS, 0},
    {".att_syntax", DIRECTIVE, FOR_GAS, 0},
    {".balign", DIRECTIVE, FOR_GAS, 0},
    {".bss", SECTION, SHARED, 0},
    {".byte", DIRECTIVE, FOR_GAS, 0},
    {".cfi_endproc", DIRECTIVE, FOR_GAS, 0},
    {".cfi_startproc", DIRECTIVE, FOR_GAS, 0},
    {".code", SECTION, SHARED, 0},
    {".comm", DIRECTIVE, FOR_GAS, 0},
    {".const", SECTION, SHARED, 0},
    {".cpu", DIRECTIVE, FOR_GAS, 0},
    {".data", SECTION, SHARED, 0},
    {".data?", SECTION, FOR_MASM, 0},
    {".else", ELSE, SHARED, 0},
    {".elseif", ELSE, SHARED, 0},
    {".elsif", ELSE, SHARED, 0},
    {".endc", ENDIF, SHARED, 0},
    {".endfunc", END, FOR_GAS, B_FUNCTION},
    {".endif", ENDIF, SHARED, 0},
    {".endm", END, FOR_GAS, B_MACRO},
    {".endmacro", END, FOR_GAS, B_MACRO},
    {".endr", END, FOR_GAS, B_REPEAT},
    {".equ", EQUATE, FOR_GAS, 0},
    {".equiv", EQUATE, FOR_GAS, 0},
    {".eqv", EQUATE, FOR_GAS, 0},
    {".extern", IMPORT, FOR_GAS, 0},
    {".fardata", SECTION, FOR_MASM, 0},
    {".fardata?", SECTION, FOR_MASM, 0},
    {".file", DIRECTIVE, FOR_GAS, 0},
    {".fpu", DIRECTIVE, FOR_GAS, 0},
    {".func", FUNCTION, FOR_GAS, 0},
    {".global", EXPORT, FOR_GAS, 0},
    {".globl", EXPORT, FOR_GAS, 0},
    {".hidden", DIRECTIVE, FOR_GAS, 0},
    {".hword", DIRECTIVE, FOR_GAS, 0},
    {".if", IF, SHARED, 0},
    {".ifb", IF, FOR_GAS, 0},
    {".ifc", IF, FOR_GAS, 0},
    {".ifdef", IF, SHARED, 0},
    {".ifeq", IF, FOR_GAS, 0},
    {".ifeqs", IF, FOR_GAS, 0},
    {".ifge", IF, FOR_GAS, 0},
    {".ifgt", IF, FOR_GAS, 0},
    {".ifle", IF, FOR_GAS, 0},
    {".iflt", IF, FOR_GAS, 0},
    {".ifnb", IF, FOR_GAS, 0},
    {".ifnc", IF, FOR_GAS, 0},
    {".ifndef", IF, SHARED, 0},
    {".ifne", IF, FOR_GAS, 0},
    {".ifnes", IF, FOR_GAS, 0},
    {".ifnotdef", IF, FOR_GAS, 0},
    {".incbin", INCLUDE, FOR_GAS, 0},
    {".include", INCLUDE, FOR_GAS, 0},
    {".int", DIRECTIVE, FOR_GAS, 0},
    {".intel_syntax", DIRECTIVE, FOR_GAS, 0},
    {".irp", REPEAT, FOR_GAS, 0},
    {".irpc", REPEAT, FOR_GAS, 0},
    {".lcomm", DIRECTIVE, FOR_GAS, 0},
    {".loc", DIRECTIVE, FOR_GAS, 0},
    {".long", DIRECTIVE, FOR_GAS, 0},
    {".ltorg", DIRECTIVE, FOR_GAS, 0},
    {".macro", MACRO, FOR_GAS, 0},
    {".option", DIRECTIVE, FOR_GAS, 0},
    {".p2align", DIRECTIVE, FOR_GAS, 0},
    {".popsection", SECTION, FOR_GAS, 0},
    {".previous", SECTION, FOR_GAS, 0},
    {".purgem", DIRECTIVE, FOR_GAS, 0},
    {".pushsection", SECTION, FOR_GAS, 0},
    {".quad", DIRECTIVE, FOR_GAS, 0},
    {".rept", REPEAT, FOR_GAS, 0},
    {".rodata", SECTION, FOR_GAS, 0},
    {".section", SECTION, FOR_GAS, 0},
    {".set", EQUATE, FOR_GAS, 0},
    {".short", DIRECTIVE, FOR_GAS, 0},
    {".size", DIRECTIVE, FOR_GAS, 0},
    {".skip", DIRECTIVE, FOR_GAS, 0},
    {".space", DIRECTIVE, FOR_GAS, 0},
    {".stack", SECTION, FOR_MASM, 0},
    {".string", DIRECTIVE, FOR_GAS, 0},
    {".subsection", SECTION, FOR_GAS, 0},
    {".syntax", DIRECTIVE, FOR_GAS, 0},
    {".text", SECTION, FOR_GAS, 0},
    {".thumb", DIRECTIVE, FOR_GAS, 0},
    {".thumb_func", DIRECTIVE, FOR_GAS, 0},
    {".type", DIRECTIVE, FOR_GAS, 0},
    {".weak", EXPORT, FOR_GAS, 0},
    {".word", DIRECTIVE, FOR_GAS, 0},
    {".zero", DIRECTIVE, FOR_GAS, 0},
};

/* Words that begin with a per cent sign; every other such word is a directive. */
static const Word PERCENT_WORDS[] = {
    {"%assign", EQUATE, FOR_NASM, 0},
    {"%clear", DIRECTIVE, FOR_NASM, 0},
    {"%define", EQUATE, FOR_NASM, 0},
    {"%defstr", EQUATE, FOR_NASM, 0},
    {"%deftok", EQUATE, FOR_NASM, 0},
    {"%depend", INCLUDE, FOR_NASM, 0},
    {"%else", ELSE, FOR_NASM, 0},
    {"%endif", ENDIF, FOR_NASM, 0},
    {"%endm", END, FOR_NASM, B_MACRO},
    {"%endmacro", END, FOR_NASM, B_MACRO},
    {"%endrep", END, FOR_NASM, B_REPEAT},
    {"%error", TITLE, FOR_NASM, 0},
    {"%fatal", TITLE, FOR_NASM, 0},
    {"%iassign", EQUATE, FOR_NASM, 0},
    {"%idefine", EQUATE, FOR_NASM, 0},
    {"%idefstr", EQUATE, FOR_NASM, 0},
    {"%ideftok", EQUATE, FOR_NASM, 0},
    {"%imacro", MACRO, FOR_NASM, 0},
    {"%include", INCLUDE, FOR_NASM, 0},
    {"%irmacro", MACRO, FOR_NASM, 0},
    {"%ixdefine", EQUATE, FOR_NASM, 0},
    {"%macro", MACRO, FOR_NASM, 0},
    {"%note", TITLE, FOR_NASM, 0},
    {"%out", TITLE, FOR_MASM, 0},
    {"%pathsearch", DIRECTIVE, FOR_NASM, 0},
    {"%rep", REPEAT, FOR_NASM, 0},
    {"%rmacro", MACRO, FOR_NASM, 0},
    {"%undef", DIRECTIVE, FOR_NASM, 0},
    {"%warning", TITLE, FOR_NASM, 0},
    {"%xdefine", EQUATE, FOR_NASM, 0},
};

/* Words of MASM and NASM that come first in a statement. */
static const Word PLAIN_WORDS[] = {
    {"absolute", SECTION, FOR_NASM, 0},
    {"align", DIRECTIVE, NOT_GAS, 0},
    {"alignb", DIRECTIVE, FOR_NASM, 0},
    {"assume", DIRECTIVE, FOR_MASM, 0},
    {"bits", DIRECTIVE, FOR_NASM, 0},
    {"comm", DIRECTIVE, NOT_GAS, 0},
    {"common", DIRECTIVE, FOR_NASM, 0},
    {"cpu", DIRECTIVE, FOR_NASM, 0},
    {"db", DIRECTIVE, NOT_GAS, 0},
    {"dd", DIRECTIVE, NOT_GAS, 0},
    {"default", DIRECTIVE, FOR_NASM, 0},
    {"df", DIRECTIVE, NOT_GAS, 0},
    {"dq", DIRECTIVE, NOT_GAS, 0},
    {"dt", DIRECTIVE, NOT_GAS, 0},
    {"dw", DIRECTIVE, NOT_GAS, 0},
    {"echo", TITLE, FOR_MASM, 0},
    {"else", ELSE, NOT_GAS, 0},
    {"elseif", ELSE, NOT_GAS, 0},
    {"elseifdef", ELSE, NOT_GAS, 0},
    {"elseife", ELSE, NOT_GAS, 0},
    {"elseifndef", ELSE, NOT_GAS, 0},
    {"end", DIRECTIVE, NOT_GAS, 0},
    {"endif", ENDIF, NOT_GAS, 0},
    {"endm", END, NOT_GAS, B_MACRO | B_REPEAT},
    {"endp", END, NOT_GAS, B_PROC},
    {"endproc", END, NOT_GAS, B_FUNCTION | B_PROC},
    {"ends", END, NOT_GAS, B_STRUCT | B_SEGMENT},
    {"endstruc", END, FOR_NASM, B_STRUCT},
    {"even", DIRECTIVE, NOT_GAS, 0},
    {"exitm", DIRECTIVE, NOT_GAS, 0},
    {"extern", IMPORT, NOT_GAS, 0},
    {"externdef", IMPORT, FOR_MASM, 0},
    {"extrn", IMPORT, FOR_MASM, 0},
    {"for", REPEAT, FOR_MASM, 0},
    {"forc", REPEAT, FOR_MASM, 0},
    {"global", EXPORT, FOR_NASM, 0},
    {"if", IF, NOT_GAS, 0},
    {"if1", IF, NOT_GAS, 0},
    {"if2", IF, NOT_GAS, 0},
    {"ifb", IF, NOT_GAS, 0},
    {"ifdef", IF, NOT_GAS, 0},
    {"ifdif", IF, NOT_GAS, 0},
    {"ifdifi", IF, NOT_GAS, 0},
    {"ife", IF, NOT_GAS, 0},
    {"ifidn", IF, NOT_GAS, 0},
    {"ifidni", IF, NOT_GAS, 0},
    {"ifnb", IF, NOT_GAS, 0},
    {"ifndef", IF, NOT_GAS, 0},
    {"incbin", INCLUDE, FOR_NASM, 0},
    {"include", INCLUDE, FOR_MASM, 0},
    {"includelib", INCLUDE, FOR_MASM, 0},
    {"irp", REPEAT, FOR_MASM, 0},
    {"irpc", REPEAT, FOR_MASM, 0},
    {"istruc", DIRECTIVE, FOR_NASM, 0},
    {"local", DIRECTIVE, NOT_GAS, 0},
    {"mend", END, NOT_GAS, B_MACRO},
    {"name", TITLE, NOT_GAS, 0},
    {"option", DIRECTIVE, FOR_MASM, 0},
    {"org", DIRECTIVE, NOT_GAS, 0},
    {"page", TITLE, FOR_MASM, 0},
    {"procedure", FUNCTION, FOR_MASM, 0},
    {"public", EXPORT, FOR_MASM, 0},
    {"purge", DIRECTIVE, FOR_MASM, 0},
    {"rept", REPEAT, FOR_MASM, 0},
    {"resb", DIRECTIVE, FOR_NASM, 0},
    {"resd", DIRECTIVE, FOR_NASM, 0},
    {"resq", DIRECTIVE, FOR_NASM, 0},
    {"resw", DIRECTIVE, FOR_NASM, 0},
    {"section", SECTION, FOR_NASM, 0},
    {"segment", SECTION, FOR_NASM, 0},
    {"struc", STRUCTURE, FOR_NASM, 0},
    {"subtitle", TITLE, FOR_MASM, 0},
    {"subttl", TITLE, FOR_MASM, 0},
    {"times", DIRECTIVE, FOR_NASM, 0},
    {"title", TITLE, FOR_MASM, 0},
};

/* Macros that many projects share and that make routines or data; the case counts. */
static const Word MACRO_WORDS[] = {
    {"ENTRY", FUNCTION_LABEL, SHARED, 0},
    {"cglobal", FUNCTION_LABEL, FOR_NASM, 0},
    {"cglobal_label", FUNCTION_LABEL, FOR_NASM, 0},
    {"const", DATA_LABEL, SHARED, 0},
    {"cvisible", FUNCTION_LABEL, FOR_NASM, 0},
    {"endfunc", END, SHARED, B_FUNCTION},
    {"func", FUNCTION, SHARED, 0},
    {"function", FUNCTION, SHARED, 0},
};

/* Macros used like C calls: MACRO(name). Those that end in `_START` or `_END` are found by their shape. */
static const Word CALL_WORDS[] = {
    {"END", END, SHARED, B_FUNCTION},
    {"ENDPROC", END, SHARED, B_FUNCTION},
    {"ENTRY", FUNCTION_CALL, SHARED, 0},
    {"LEAF", FUNCTION_CALL, SHARED, 0},
    {"NESTED", FUNCTION_CALL, SHARED, 0},
};

/* Words that come second and make the first word a name. */
static const Word SECOND_WORDS[] = {
    {".dn", NAMED_EQUATE, FOR_GAS, 0},
    {".qn", NAMED_EQUATE, FOR_GAS, 0},
    {".req", NAMED_EQUATE, FOR_GAS, 0},
    {"byte", NAMED_DATA, NOT_GAS, 0},
    {"catstr", NAMED_EQUATE, FOR_MASM, 0},
    {"db", NAMED_DATA, NOT_GAS, 0},
    {"dd", NAMED_DATA, NOT_GAS, 0},
    {"df", NAMED_DATA, NOT_GAS, 0},
    {"do", NAMED_DATA, NOT_GAS, 0},
    {"dp", NAMED_DATA, NOT_GAS, 0},
    {"dq", NAMED_DATA, NOT_GAS, 0},
    {"dt", NAMED_DATA, NOT_GAS, 0},
    {"dw", NAMED_DATA, NOT_GAS, 0},
    {"dword", NAMED_DATA, NOT_GAS, 0},
    {"dy", NAMED_DATA, NOT_GAS, 0},
    {"dz", NAMED_DATA, NOT_GAS, 0},
    {"endp", NAMED_END, NOT_GAS, B_PROC},
    {"ends", NAMED_END, NOT_GAS, B_STRUCT | B_SEGMENT},
    {"equ", NAMED_EQUATE, NOT_GAS, 0},
    {"fword", NAMED_DATA, NOT_GAS, 0},
    {"group", NAMED_DIRECTIVE, FOR_MASM, 0},
    {"instr", NAMED_EQUATE, FOR_MASM, 0},
    {"label", NAMED_DATA, FOR_MASM, 0},
    {"macro", NAMED_MACRO, FOR_MASM, 0},
    {"oword", NAMED_DATA, NOT_GAS, 0},
    {"proc", NAMED_PROCEDURE, FOR_MASM, 0},
    {"qword", NAMED_DATA, NOT_GAS, 0},
    {"real10", NAMED_DATA, NOT_GAS, 0},
    {"real4", NAMED_DATA, NOT_GAS, 0},
    {"real8", NAMED_DATA, NOT_GAS, 0},
    {"record", NAMED_EQUATE, FOR_MASM, 0},
    {"resb", NAMED_DATA, FOR_NASM, 0},
    {"resd", NAMED_DATA, FOR_NASM, 0},
    {"reso", NAMED_DATA, FOR_NASM, 0},
    {"resq", NAMED_DATA, FOR_NASM, 0},
    {"rest", NAMED_DATA, FOR_NASM, 0},
    {"resw", NAMED_DATA, FOR_NASM, 0},
    {"resy", NAMED_DATA, FOR_NASM, 0},
    {"resz", NAMED_DATA, FOR_NASM, 0},
    {"sbyte", NAMED_DATA, NOT_GAS, 0},
    {"sdword", NAMED_DATA, NOT_GAS, 0},
    {"segment", NAMED_SEGMENT, FOR_MASM, 0},
    {"sizestr", NAMED_EQUATE, FOR_MASM, 0},
    {"sqword", NAMED_DATA, NOT_GAS, 0},
    {"struc", NAMED_STRUCTURE, FOR_MASM, 0},
    {"struct", NAMED_STRUCTURE, FOR_MASM, 0},
    {"substr", NAMED_EQUATE, FOR_MASM, 0},
    {"sword", NAMED_DATA, NOT_GAS, 0},
    {"tbyte", NAMED_DATA, NOT_GAS, 0},
    {"textequ", NAMED_EQUATE, FOR_MASM, 0},
    {"typedef", NAMED_EQUATE, FOR_MASM, 0},
    {"union", NAMED_STRUCTURE, FOR_MASM, 0},
    {"word", NAMED_DATA, NOT_GAS, 0},
};

/* Common x86 instructions, to tell `name instruction` and a lone name from an instruction. */
static const char INSTRUCTIONS[][12] = {
    "aaa", "aad", "aam", "aas", "adc", "add", "and", "bound", "bsf", "bsr", "bswap", "bt", "btc", "btr", "bts", "call",
    "cbw", "cdq", "cdqe", "clc", "cld", "cli", "cmc", "cmp", "cmpsb", "cmpsd", "cmpsw", "cmpxchg", "cpuid", "cqo", "cwd",
    "cwde", "daa", "das", "dec", "div", "emms", "endbr64", "enter", "fadd", "faddp", "fchs", "fdiv", "fdivp", "fild",
    "finit", "fist", "fistp", "fld", "fld1", "fldcw", "fldz", "fmul", "fmulp", "fninit", "fnstcw", "fst", "fstp",
    "fsub", "fsubp", "fwait", "fxch", "hlt", "idiv", "imul", "in", "inc", "insb", "insw", "int", "int3", "into",
    "invlpg", "iret", "iretd", "iretq", "ja", "jae", "jb", "jbe", "jc", "jcxz", "je", "jecxz", "jg", "jge", "jl", "jle",
    "jmp", "jna", "jnae", "jnb", "jnbe", "jnc", "jne", "jng", "jnge", "jnl", "jnle", "jno", "jnp", "jns", "jnz", "jo",
    "jp", "jpe", "jpo", "js", "jz", "lahf", "lds", "lea", "leave", "les", "lfs", "lgdt", "lgs", "lidt", "lldt", "lmsw",
    "lock", "lodsb", "lodsd", "lodsq", "lodsw", "loop", "loope", "loopne", "loopnz", "loopz", "lss", "ltr", "mfence",
    "mov", "movaps", "movd", "movdqa", "movdqu", "movq", "movsb", "movsd", "movsq", "movsw", "movsx", "movsxd", "movups",
    "movzx", "mul", "neg", "nop", "not", "or", "out", "outsb", "outsw", "pause", "pop", "popa", "popad", "popf", "popfd",
    "popfq", "push", "pusha", "pushad", "pushf", "pushfd", "pushfq", "rcl", "rcr", "rdmsr", "rdtsc", "rep", "repe",
    "repne", "repnz", "repz", "ret", "retf", "retn", "rol", "ror", "sahf", "sal", "sar", "sbb", "scasb", "scasd",
    "scasw", "seta", "setae", "setb", "setbe", "setc", "sete", "setg", "setge", "setl", "setle", "setnc", "setne",
    "setnz", "setz", "sgdt", "shl", "shld", "shr", "shrd", "sidt", "smsw", "stc", "std", "sti", "stosb", "stosd",
    "stosq", "stosw", "sub", "swapgs", "syscall", "sysenter", "sysexit", "sysret", "test", "ud2", "vzeroall",
    "vzeroupper", "wait", "wbinvd", "wrmsr", "xadd", "xchg", "xgetbv", "xlat", "xlatb", "xor",
};

static int compare_text(const char *left, const char *right) {
  while (*left && *left == *right) left++, right++;
  return (unsigned char)*left - (unsigned char)*right;
}

static const Word *find_word(const Word *table, unsigned count, const char *text) {
  unsigned low = 0, high = count;
  while (low < high) {
    unsigned middle = (low + high) / 2;
    int order = compare_text(text, table[middle].text);
    if (order == 0) return &table[middle];
    if (order < 0) high = middle; else low = middle + 1;
  }
  return 0;
}

#define FIND(table, text) find_word(table, sizeof(table) / sizeof(table[0]), text)

static bool is_instruction(const char *text) {
  unsigned low = 0, high = sizeof(INSTRUCTIONS) / sizeof(INSTRUCTIONS[0]);
  while (low < high) {
    unsigned middle = (low + high) / 2;
    int order = compare_text(text, INSTRUCTIONS[middle]);
    if (order == 0) return true;
    if (order < 0) high = middle; else low = middle + 1;
  }
  return false;
}

#endif
