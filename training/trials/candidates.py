"""For each pair true and false sentences about it, as token arrays; a process per shard.

`python -m training.trials.candidates DATA OUT PROCESSES`; DATA: pairs, contexts, tokenizer.json and evaluate.json.
"""

import random, re, sys, time, json
from collections import defaultdict, Counter
from multiprocessing import Pool
from pathlib import Path
import numpy as np
from training.encode import encode_texts, load_tokenizer
from training.layout import *
from training.shards import read_jsonl

OPP = """before after|first last|min max|minimum maximum|get set|read write|reads writes|gets sets|true false|start end|start stop|starts stops|begin end|input output|source target|source destination|add remove|adds removes|enable disable|enables disables|enabled disabled|left right|row column|rows columns|key value|keys values|request response|client server|byte char|bytes characters|array list|list map|open close|opens closes|top bottom|horizontal vertical|width height|x y|ascending descending|upper lower|uppercase lowercase|public private|local remote|global local|parent child|parents children|sync async|synchronous asynchronous|encode decode|encodes decodes|serialize deserialize|serializes deserializes|load save|loads saves|push pop|push pull|inner outer|prefix suffix|single multiple|any all|positive negative|increment decrement|increments decrements|show hide|shows hides|lock unlock|acquire release|create delete|creates deletes|insert delete|allocate free|connect disconnect|import export|send receive|sends receives|success failure|success error|valid invalid|empty full|old new|next previous|current previous|current next|greater less|smaller larger|same different|internal external|static dynamic|mutable immutable|visible hidden|even odd|signed unsigned|integer float|string number|file directory|files directories|files folders|name id|index value|size length|user group|user organization|organization repository|day month|month year|hour minute|second minute|date time|one two|two three|three four|four five|zero one|every each|with without|from to|if unless|is isn't|can cannot|parse format|parses formats|compress decompress|attach detach|subscribe unsubscribe|register unregister|expand collapse|forward backward|up down|front back|head tail|primary secondary|absolute relative|linear quadratic|exclusive inclusive|optional required|leading trailing|plus minus|sum product|union intersection|join split|merge split|append prepend|appends prepends|class function|method property|type value|thread process|node edge|vertex edge|page section|image video|text binary|black white""".split(
    "|"
)
OPPOSITE = defaultdict(list)
for pair in OPP:
    a, b = pair.split()
    OPPOSITE[a].append(b)
    OPPOSITE[b].append(a)

WORD = re.compile(r"[A-Za-z][A-Za-z']*")
CAMEL = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])")


def content(text):
    return Counter(w[:5] for w in re.findall(r"[a-z0-9]+", re.sub(r"([a-z0-9])([A-Z])", r"\1 \2", text).lower()))


def f1(a, b):
    a, b = content(a), content(b)
    return 2 * sum((a & b).values()) / max(1, sum(a.values()) + sum(b.values()))


def cased(model, word):
    if model.isupper() and len(model) > 1:
        return word.upper()
    if model[0].isupper():
        return word[0].upper() + word[1:]
    return word


def substitute(text, old, new):
    """All case variants of a word inside identifiers and prose."""
    o, out = old.lower(), text
    out = re.sub(r"(?<![a-z])" + re.escape(o) + r"(?![a-z])|(?<=_)" + re.escape(o) + r"(?![a-z])", new.lower(), out)
    cap = o[0].upper() + o[1:]
    out = re.sub(re.escape(cap) + r"(?![a-z])", new[0].upper() + new[1:].lower(), out)
    return re.sub(r"(?<![A-Za-z])" + re.escape(o.upper()) + r"(?![A-Za-z])", new.upper(), out) if len(o) > 1 else out


class Repository:
    """Which words stand in the same slot in a repository's sentences."""

    def __init__(self, docs):
        self.after, self.before, self.freq = defaultdict(Counter), defaultdict(Counter), Counter()
        for doc in docs:
            words = [w for w in WORD.findall(doc)]
            for i, w in enumerate(words):
                self.freq[w.lower()] += 1
                self.after[words[i - 1].lower() if i else "^"][w] += 1
                self.before[words[i + 1].lower() if i + 1 < len(words) else "$"][w] += 1

    def alternatives(self, left, right, w, rng):
        a, b = self.after[left.lower()], self.before[right.lower()]
        low = w.lower()
        ok = lambda x: x.lower()[:4] != low[:4] and len(x) > 2
        both = [x for x in a if x in b and ok(x)]
        if both and rng.random() < 0.7:
            return rng.choice(both)
        one = [x for x in a if ok(x)] or [x for x in b if ok(x)]
        return rng.choice(one) if one else None


def swap_word(doc, repo, rng, wanted):
    """(new doc, old word, new word) with one word changed; `wanted(word)` chooses which may be."""
    found = list(WORD.finditer(doc))
    rng.shuffle(order := list(range(len(found))))
    for i in order:
        w = found[i].group()
        if not wanted(w):
            continue
        new = None
        if w.lower() in OPPOSITE and rng.random() < 0.8:
            new = cased(w, rng.choice(OPPOSITE[w.lower()]))
        else:
            left = found[i - 1].group() if i else "^"
            right = found[i + 1].group() if i + 1 < len(found) else "$"
            new = repo.alternatives(left, right, w, rng)
            if new:
                new = cased(w, new) if w[1:].islower() or w.islower() else new
        if new and new.lower() != w.lower():
            return doc[: found[i].start()] + new + doc[found[i].end() :], w, new
    return None


STOP = set("a an the of to in for and or is are be by with from that this if it its on as at into which when not".split())


def sentences(row, docs_of_examples, repo, rng):
    """[(text, label, kind)], maybe swapped row. Kinds: 0 reference, 1 neighbour, 2 word in code, 3 other word, 4 opposite."""
    doc, code = row["doc"], row["code"]
    low_code = (code + " " + row["name"] + " " + row["cls"][:300]).lower()
    parts = set(x.lower() for x in CAMEL.findall(code[:3000]))
    in_code = lambda w: len(w) > 3 and w.lower() not in STOP and (w.lower() in parts or w.lower() in low_code)
    other = lambda w: w.lower() in OPPOSITE or (len(w) > 3 and w.lower() not in STOP and not in_code(w))
    out, row2 = [], row
    a = swap_word(doc, repo, rng, in_code)
    if a and rng.random() < 0.35:  # change the code, too: what was true is false and the other way round
        new_doc, old, new = a
        row2 = {**row, **{k: substitute(row[k], old, new) for k in ("code", "name", "cls")}, "calls": [substitute(c, old, new) for c in row["calls"]]}
        if row2["code"] != code or row2["name"] != row["name"]:
            out += [(new_doc, 1, 5), (doc, 0, 6)]
            doc = new_doc
        else:
            row2 = row
    if not out:
        out.append((doc, 1, 0))
        if a:
            out.append((a[0], 0, 2))
    b = swap_word(doc, repo, rng, other)
    if b:
        out.append((b[0], 0, 3))
    c = swap_word(doc, repo, rng, lambda w: w.lower() in OPPOSITE)
    if c:
        out.append((c[0], 0, 4))
    for text in docs_of_examples:
        if f1(text, row["doc"]) < 0.95:
            out.append((text, 0, 1))
    seen, unique = set(), []
    for item in out:
        if item[0] not in seen:
            seen.add(item[0])
            unique.append(item)
    return unique, row2


MAXK = 6


def build(job):
    tokenizer_file, file, out, seed, evaluate = job
    t = time.time()
    tok = load_tokenizer(tokenizer_file)
    rng = random.Random(f"{seed}{Path(file).name}")
    rows = list(read_jsonl(file))
    contexts = list(read_jsonl(str(file).replace("pairs-", "contexts-")))
    by = defaultdict(list)
    for r in rows:
        by[r["repo"]].append(r["doc"])
    repos = {k: Repository(v) for k, v in by.items()}
    todo = evaluate if evaluate is not None else [(i, None) for i in range(len(rows))]
    prompts, plens, cands, clens, labels, kinds, owner, meta = [], [], [], [], [], [], [], []
    heads = encode_texts(tok, [head_line(r["code"]) for r in rows])
    docs = encode_texts(tok, [" " + r["doc"] for r in rows])
    names = encode_texts(tok, [r["name"] for r in rows])
    n = 0
    for number, texts in todo:
        row = rows[number]
        callees, examples = contexts[number]
        if texts is None:
            cs, row2 = sentences(row, [rows[i]["doc"] for i in examples[:2]], repos[row["repo"]], rng)
            if len(cs) < 2:
                continue
            variants = [row["lang"] and (rng.random() < 0.5)]
            form = FORM_TOKEN[row["form"]]
        else:
            cs, row2 = [(t_, -1, 0) for t_ in texts], row
            variants = [True, False]
            form = None
        path, cls, calls, code = encode_texts(tok, [row2["path"], row2["cls"], " ".join(row2["calls"]), row2["code"][:12000]])
        for with_examples in variants:
            ids = [
                language_id(row["lang"]),
                *optional_section(PATH, path[-MAX_PATH:]),
                *optional_section(CLS, cls[:MAX_CLASS]),
                *optional_section(CALLS, calls[:MAX_CALLS]),
                *callee_section([(names[i], docs[i]) for i in callees]),
            ]
            if with_examples:
                for i in examples[:2]:
                    ids += example_section(heads[i], docs[i])
            ids += [*code_section(code), DOC]
            if texts is None and len(ids) > 640:
                continue
            enc = encode_texts(tok, [" " + c[0] for c in cs[:MAXK]] if texts is None else [" " + c[0] for c in cs])
            for c, e in zip(cs, enc):
                seq = [form or DOES, *e[:MAX_DOC], END]
                cands.append(seq)
                clens.append(len(seq))
                labels.append(c[1])
                kinds.append(c[2])
                owner.append(n)
            prompts.append(ids)
            plens.append(len(ids))
            meta.append((number, int(with_examples)))
            n += 1
    flat = lambda xs: np.fromiter((t for x in xs for t in x), dtype=np.uint16)
    np.savez(
        str(out) + ".part.npz",
        prompts=flat(prompts),
        plens=np.array(plens, np.int32),
        cands=flat(cands),
        clens=np.array(clens, np.int32),
        labels=np.array(labels, np.int8),
        kinds=np.array(kinds, np.int8),
        owner=np.array(owner, np.int32),
        meta=np.array(meta, np.int32),
    )
    Path(str(out) + ".part.npz").rename(out)
    return f"{Path(file).name}: {n} prompts, {len(cands)} sentences, {time.time() - t:.0f} s"


if __name__ == "__main__":
    data, out, processes = Path(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3])
    out.mkdir(exist_ok=True)
    jobs = [
        (str(data / "tokenizer.json"), str(f), str(out / (f.name.split(".")[0] + ".npz")), 1, None)
        for f in sorted(data.glob("pairs-train-*.zst")) + sorted(data.glob("pairs-valid*.zst"))
    ]
    ev = data / "evaluate.json"
    if ev.exists():
        for split, todo in json.load(open(ev)).items():
            jobs.append(
                (str(data / "tokenizer.json"), str(data / f"pairs-{split}.jsonl.zst"), str(out / f"eval-{split}.npz"), 1, [(int(a), b) for a, b in todo])
            )
    jobs = [j for j in jobs if not Path(j[2]).exists()]
    with Pool(processes) as pool:
        for line in pool.imap_unordered(build, jobs):
            print(line, flush=True)
