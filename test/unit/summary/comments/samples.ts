import type { LanguageId } from '../../../../server/src/types/outline.ts';

/** A small true-to-life text for every language, with what has to stay above a module comment. `above` is its number of lines. */
export interface Sample {
  readonly language: LanguageId;
  readonly above: number;
  readonly text: string;
}

const licence = (lead: string): string =>
  `${lead} Copyright 2026 Ada Example\n${lead} Licensed under the Apache License\n`;

export const samples: readonly Sample[] = [
  {
    language: 'typescript',
    above: 4,
    text: `${licence('//')}\n'use strict';\nimport { a } from './a';\n\nexport class Box {\n  /** Opens. */\n  open(): number {\n    return a(1);\n  }\n\n  shut(): number {\n    return a(2);\n  }\n}\n`,
  },
  {
    language: 'typescriptreact',
    above: 0,
    text: `export function View(props: { name: string }) {\n  return <div>{props.name}</div>;\n}\n`,
  },
  {
    language: 'javascript',
    above: 2,
    text: `#!/usr/bin/env node\n'use strict';\nfunction go() {\n  return 1\n}\nmodule.exports = { go }\n`,
  },
  { language: 'javascriptreact', above: 0, text: `const App = () => {\n  return <p>hi</p>;\n};\n` },
  {
    language: 'python',
    above: 3,
    text: `#!/usr/bin/env python3\n# -*- coding: utf-8 -*-\n\nfrom __future__ import annotations\n\n\nclass Box:\n    def open(self):\n        return 1\n\n\ndef go(x):\n    # why\n    return x\n`,
  },
  {
    language: 'java',
    above: 6,
    text: `/*\n * Copyright 2026 Ada Example\n */\n\npackage org.example.box;\n\nimport java.util.List;\n\npublic class Box {\n  int open() {\n    return 1;\n  }\n}\n`,
  },
  {
    language: 'c',
    above: 3,
    text: `/* SPDX-License-Identifier: MIT */\n#pragma once\n\n#include <stdio.h>\n\nint go(int x) {\n  return x;\n}\n`,
  },
  {
    language: 'cpp',
    above: 2,
    text: `#pragma once\n\n#include <vector>\n\nnamespace box {\nint go(int x) {\n  return x;\n}\n}\n`,
  },
  {
    language: 'csharp',
    above: 3,
    text: `${licence('//')}\nusing System;\n\nnamespace Box {\n  class A {\n    int Go() {\n      return 1;\n    }\n  }\n}\n`,
  },
  {
    language: 'go',
    above: 6,
    text: `//go:build linux\n\n// Package box holds things.\npackage box\n\n\nfunc Go(x int) int {\n\treturn x\n}\n`,
  },
  {
    language: 'rust',
    above: 0,
    text: `//! Crate docs.\n#![allow(dead_code)]\n\nfn go(x: u32) -> u32 {\n    x\n}\n`,
  },
  {
    language: 'ruby',
    above: 2,
    text: `# frozen_string_literal: true\n\nclass Box\n  def open\n    1\n  end\nend\n`,
  },
  {
    language: 'php',
    above: 4,
    text: `<?php\n\ndeclare(strict_types=1);\n\nfunction go(int $x): int\n{\n    return $x;\n}\n`,
  },
  { language: 'kotlin', above: 2, text: `package org.example\n\nfun go(x: Int): Int {\n    return x\n}\n` },
  {
    language: 'scala',
    above: 2,
    text: `package org.example\n\nobject Box {\n  def go(x: Int): Int = {\n    x\n  }\n}\n`,
  },
  { language: 'swift', above: 2, text: `// swift-tools-version: 5.9\n\nfunc go(x: Int) -> Int {\n    return x\n}\n` },
  { language: 'shellscript', above: 1, text: `#!/bin/sh\nset -e\ngo() {\n  echo hi\n}\n` },
  { language: 'lua', above: 0, text: `local M = {}\n\nfunction M.go(x)\n  return x\nend\n\nreturn M\n` },
  {
    language: 'mumps',
    above: 2,
    text: `BOXR ;SITE/ADA - Box routine ;2026-01-01\n ;;1.0;BOX;**1**;Jan 01, 2026\n Q\n ;\nOPEN(X) ; opens the box\n I X D\n . S X=X+1\n . W X\n Q X\nSHUT(X)\n S X=0\n Q\n`,
  },
  {
    language: 'hlasm',
    above: 0,
    text: `BOX      CSECT\n         USING *,15\nOPEN     DS    0H\n         LA    1,4(1)\n         BR    14\n         END\n`,
  },
  {
    language: 'asm',
    above: 0,
    text: `        .text\n        .globl  box_open\n        .type   box_open, @function\nbox_open:\n        movl    $1, %eax\n        ret\n        .size   box_open, .-box_open\n`,
  },
];

export const summary = {
  line: 'Opens and shuts boxes.',
  paragraph: 'It counts how often a box was opened, and refuses to open one that is open. '.repeat(3).trim(),
};

/** Texts that try to break out of every kind of comment. */
export const hostileTexts: readonly string[] = [
  '*/ evil(); /*',
  '""" + evil() + """',
  "''' evil '''",
  '?> <b>evil</b> <?php',
  '\\u000a evil();',
  '\\u002a\\u002f evil();',
  'ends with a backslash \\',
  'trigraph ??/',
  ']] evil() --[[',
  ']==] evil()',
  '=end\nevil\n=begin',
  'codegloss:end\nevil()\ncodegloss:begin v1 000000000000',
  '@ts-nocheck\n@param x evil',
  '# coding: utf-7',
  'go:build ignore',
  '\u2028evil()\u2029',
  '\u202eevil\u202c',
  'x'.repeat(500),
  '\\'.repeat(300),
  '"'.repeat(300),
  '\\"\\"\\"',
  '\\N{BULLET} \\x41 \\',
  '</script><script>evil()',
  '\r\nevil()\r',
  '\0\x07\x1b[31m',
  '😀'.repeat(120),
  '',
];
