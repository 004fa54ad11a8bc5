import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterEach, describe, expect, it } from 'vitest';
import type { CallHierarchyItem, Location, SymbolInformation } from 'vscode-languageserver-protocol';
import { type LanguageClient, startClient } from './languageClient.ts';

const orders = `ORDERS ; order entry
 D INIT
 D ADD^CUST(5),^STOCK
 S X=$$GET(4)+$$PRICE^STOCK(3)
 D GONE^NOWHERE
 Q
INIT ; set up, see ADD^CUST
 S ADD=1
 Q
GET(I) ;
 Q I
`;
const customers = `CUST ; customers
 Q
ADD(ID) ; adds a customer
 D CHECK
 Q
CHECK ;
 Q
`;
const stock = `STOCK ; stock
 D ADD^CUST(1)
 Q
PRICE(N) ;
 Q N*2
`;
const start = `section .text
global _start
_start:
  call total
  lea rdi, [table]
.again:
  jmp .again
table:
  dq total
`;
const math = `total: ; adds up, total of all
  mov rax, 1
  ret
`;

const clients: LanguageClient[] = [];
afterEach(async () => {
  await Promise.all(clients.splice(0).map((client) => client.stop()));
});

async function legacyClient(): Promise<LanguageClient> {
  const client = await startClient();
  clients.push(client);
  const files = {
    'ORDERS.m': orders,
    'CUST.m': customers,
    'sub/STOCK.m': stock,
    'start.nasm': start,
    'math.nasm': math,
  };
  for (const [name, text] of Object.entries(files)) {
    const file = path.join(client.folder, name);
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(file, text);
  }
  return client;
}

/** Position of the letter after `|` in a marked piece of the text. */
function at(text: string, marked: string): { readonly line: number; readonly character: number } {
  const offset = text.indexOf(marked.replace('|', '')) + marked.indexOf('|');
  const before = text.slice(0, offset).split('\n');
  return { line: before.length - 1, character: before.at(-1)?.length ?? 0 };
}

function shown(found: readonly Location[] | null): readonly string[] | undefined {
  return found?.map(({ uri, range }) => `${uri.split('/').at(-1)}:${range.start.line}`).sort();
}

describe('navigation of legacy code, with nothing configured', () => {
  it.each([
    ['a label of the routine', 'D |INIT', ['ORDERS.m:6']],
    ['a label of another routine', '|ADD^CUST(5)', ['CUST.m:2']],
    ['the routine behind a label', 'ADD^C|UST(5)', ['CUST.m:0']],
    ['a routine', '^ST|OCK\n', ['STOCK.m:0']],
    ['a function', '$$PR|ICE', ['STOCK.m:3']],
  ])('MUMPS: definition of %s', async (_, marked, expected) => {
    const client = await legacyClient();
    const uri = await client.open('ORDERS.m', 'mumps', orders);
    const found = await client.request<Location[] | null>('textDocument/definition', {
      textDocument: { uri },
      position: at(orders, marked),
    });
    expect(shown(found)).toEqual(expected);
  });

  it('MUMPS: what nothing declares has no definition, and is no error', async () => {
    const client = await legacyClient();
    const uri = await client.open('ORDERS.m', 'mumps', orders);
    const ask = (marked: string) =>
      client.request<Location[] | null>('textDocument/definition', {
        textDocument: { uri },
        position: at(orders, marked),
      });
    expect(await ask('|GONE^NOWHERE')).toEqual([]);
    expect(await ask('see A|DD^CUST')).toBeNull();
  });

  it('MUMPS: references are calls from all files, no variables, no comments', async () => {
    const client = await legacyClient();
    const uri = await client.open('CUST.m', 'mumps', customers);
    const found = await client.request<Location[]>('textDocument/references', {
      textDocument: { uri },
      position: at(customers, '|ADD(ID)'),
      context: { includeDeclaration: true },
    });
    expect(shown(found)).toEqual(['CUST.m:2', 'ORDERS.m:2', 'STOCK.m:1']);
  });

  it('follows what is open and not yet saved', async () => {
    const client = await legacyClient();
    const uri = await client.open(
      'CUST.m',
      'mumps',
      `; new\n${customers}`.replace('; new\n', 'CUST ; customers\n N A\n').replace('CUST ; customers\n Q', ' Q'),
    );
    const from = await client.open('ORDERS.m', 'mumps', orders);
    const found = await client.request<Location[]>('textDocument/definition', {
      textDocument: { uri: from },
      position: at(orders, '|ADD^CUST(5)'),
    });
    expect(found.map((each) => [each.uri, each.range.start.line])).toEqual([[uri, 3]]);
  });

  it('symbols of the workspace are found by their letters', async () => {
    const client = await legacyClient();
    await client.open('CUST.m', 'mumps', customers);
    const found = await client.request<SymbolInformation[]>('workspace/symbol', { query: 'pric' });
    expect(found.map(({ name, containerName }) => [name, containerName])).toEqual([['PRICE', 'STOCK']]);
  });

  it('call hierarchy goes in and out, across files', async () => {
    const client = await legacyClient();
    const uri = await client.open('CUST.m', 'mumps', customers);
    const prepared = await client.request<CallHierarchyItem[]>('textDocument/prepareCallHierarchy', {
      textDocument: { uri },
      position: at(customers, '|ADD(ID)'),
    });
    const item = prepared[0];
    expect(item?.name).toBe('ADD');
    const incoming = await client.request<{ from: CallHierarchyItem }[]>('callHierarchy/incomingCalls', { item });
    expect(incoming.map(({ from }) => from.name).sort()).toEqual(['ORDERS', 'STOCK']);
    const outgoing = await client.request<{ to: CallHierarchyItem }[]>('callHierarchy/outgoingCalls', { item });
    expect(outgoing.map(({ to }) => to.name)).toEqual(['CHECK']);
  });

  it('assembler: labels in the file, symbols in others, and every mention in code as a reference', async () => {
    const client = await legacyClient();
    const uri = await client.open('start.nasm', 'asm', start);
    const ask = (method: string, marked: string) =>
      client.request<Location[]>(method, {
        textDocument: { uri },
        position: at(start, marked),
        context: { includeDeclaration: false },
      });
    expect(shown(await ask('textDocument/definition', 'call t|otal'))).toEqual(['math.nasm:0']);
    expect(shown(await ask('textDocument/definition', 'jmp .ag|ain'))).toEqual(['start.nasm:5']);
    expect(shown(await ask('textDocument/definition', '[t|able]'))).toEqual(['start.nasm:7']);
    expect(shown(await ask('textDocument/references', 'call t|otal'))).toEqual(['start.nasm:3', 'start.nasm:8']);
  });

  it('HLASM: sections and labels whatever their case, V-constants as references, copied members as files', async () => {
    const client = await legacyClient();
    const main = `MAIN     CSECT
         BAL   14,SUBR
         L     15,=V(OTHER)
         BALR  14,15
         CALL  other
         COPY  FIELDS
SUBR     DS    0H
         BR    14
         END
`;
    writeFileSync(path.join(client.folder, 'OTHER.hlasm'), 'OTHER    CSECT\n         BR    14\n         END\n');
    writeFileSync(path.join(client.folder, 'FIELDS.hlasm'), 'TOTAL    DS    F\n');
    const uri = await client.open('MAIN.hlasm', 'hlasm', main);
    const ask = (method: string, marked: string) =>
      client.request<Location[]>(method, {
        textDocument: { uri },
        position: at(main, marked),
        context: { includeDeclaration: false },
      });
    expect(shown(await ask('textDocument/definition', '14,S|UBR'))).toEqual(['MAIN.hlasm:6']);
    expect(shown(await ask('textDocument/definition', '=V(OT|HER)'))).toEqual(['OTHER.hlasm:0']);
    expect(shown(await ask('textDocument/definition', 'COPY  FI|ELDS'))).toEqual(['FIELDS.hlasm:0']);
    expect(shown(await ask('textDocument/references', '=V(OT|HER)'))).toEqual(['MAIN.hlasm:2', 'MAIN.hlasm:4']);
  });

  it('leaves modern languages to those who know them', async () => {
    const client = await legacyClient();
    const text = 'export function one() {\n  return 1;\n}\none();\n';
    const uri = await client.open('one.ts', 'typescript', text);
    writeFileSync(path.join(client.folder, 'one.ts'), text);
    expect(pathToFileURL(path.join(client.folder, 'one.ts')).href).toBe(uri);
    const params = {
      textDocument: { uri },
      position: { line: 3, character: 1 },
      context: { includeDeclaration: true },
    };
    expect(await client.request('textDocument/definition', params)).toBeNull();
    expect(await client.request('textDocument/references', params)).toBeNull();
    expect(await client.request('workspace/symbol', { query: 'one' })).toEqual([]);
  });
});
