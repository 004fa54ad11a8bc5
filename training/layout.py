"""The one definition of the model's input: special tokens, sections of a prompt, their order and their limits.

models/FORMAT.md says the same in prose for the TypeScript side; export.py writes it into models/model.json.
"""

import re

LANGUAGES = (
    "python", "javascript", "typescript", "java", "go", "rust", "c", "cpp", "csharp", "php", "ruby", "mumps",
    "asm", "kotlin", "swift", "scala", "cobol", "fortran", "shell", "sql", "lua", "perl", "haskell", "other",
)
CONTROL = (
    "<|pad|>", "<|end|>", "<|raw|>", "<|path|>", "<|cls|>", "<|calls|>", "<|callee|>", "<|ex|>", "<|sum|>",
    "<|code|>", "<|trunc|>", "<|doc|>", "<|does|>", "<|do|>", "<|is|>", "<|query|>", "<|emb|>",
    "<|r0|>", "<|r1|>", "<|r2|>", "<|r3|>", "<|r4|>", "<|r5|>", "<|r6|>",
)
SPECIALS = CONTROL + tuple(f"<|{language}|>" for language in LANGUAGES)
ID = {token: number for number, token in enumerate(SPECIALS)}
PAD, END, RAW, PATH, CLS, CALLS, CALLEE, EX, SUM, CODE, TRUNC, DOC, DOES, DO, IS, QUERY, EMB = (
    ID[token] for token in CONTROL[:17]
)
FORMS = (DOES, DO, IS)
FORM_TOKEN = {"does": DOES, "do": DO, "is": IS}

# camelCase-aware split (after the o200k vocabulary's), without inline flags so that JavaScript's 'u' flag runs it too.
SPLIT = (
    r"[^\r\n\p{L}\p{N}]?\p{Lu}*\p{Ll}+|[^\r\n\p{L}\p{N}]?\p{Lu}+|[^\r\n\p{L}\p{N}]?\p{L}+"
    r"|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+"
)

# Sections of one encoded sample, in order. Everything before DOC_SECTION is the prompt; it ends with <|doc|>.
SECTIONS = ("lang", "path", "cls", "calls", "callees", "ex1", "ex2", "code", "doc")
LANG_S, PATH_S, CLS_S, CALLS_S, CALLEES_S, EX1_S, EX2_S, CODE_S, DOC_S = range(len(SECTIONS))
QUERY_S = len(SECTIONS)

# Longest sections, in tokens, the marker not counted.
MAX_PATH = 20
MAX_CLASS = 64
MAX_CALLS = 72
MAX_CODE = 704
MAX_DOC = 64
MAX_CALLEES = 5
MAX_CALLEE_NAME = 12
MAX_CALLEE_DOC = 24
MAX_EXAMPLES = 2
MAX_EXAMPLE_HEAD = 28
MAX_EXAMPLE_DOC = 40
MAX_QUERY = 64
RAW_CHUNK = 960


def language_id(language: str) -> int:
    """Id of the language's token; an unknown language is <|other|>."""
    return ID.get(f"<|{language}|>", ID["<|other|>"])


def short_path(path: str) -> str:
    """Folder and file name: the last two parts of a path."""
    return "/".join(path.split("/")[-2:])


def head_line(code: str) -> str:
    """First line of code that holds a letter, trimmed: the signature, as far as one line shows it."""
    for line in code.split("\n"):
        if re.search(r"[A-Za-z]", line) and not line.lstrip().startswith(("@", "#[", "//", "/*", "*", ";")):
            return line.strip()
    return code.split("\n", 1)[0].strip()


def code_section(ids: list[int]) -> list[int]:
    """<|code|> and the code's tokens; what is cut off is marked with <|trunc|>."""
    return [CODE, *ids] if len(ids) <= MAX_CODE else [CODE, *ids[:MAX_CODE], TRUNC]


def callee_section(callees: list[tuple[list[int], list[int]]]) -> list[int]:
    """<|callee|> name <|sum|> first doc sentence, for each documented callee."""
    out: list[int] = []
    for name, doc in callees[:MAX_CALLEES]:
        out += [CALLEE, *name[:MAX_CALLEE_NAME], SUM, *doc[:MAX_CALLEE_DOC]]
    return out


def example_section(head: list[int], doc: list[int]) -> list[int]:
    """<|ex|> head line <|sum|> first doc sentence of a similar documented symbol."""
    return [EX, *head[:MAX_EXAMPLE_HEAD], SUM, *doc[:MAX_EXAMPLE_DOC]]


def optional_section(marker: int, ids: list[int]) -> list[int]:
    """The marker and its tokens, or nothing when there are none."""
    return [marker, *ids] if ids else []
