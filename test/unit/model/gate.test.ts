import { describe, expect, it } from 'vitest';
import { type Destination, Gate, type GatePorts, largestRequest } from '../../../server/src/model/gate.ts';
import type { BlockReason } from '../../../server/src/types/errors.ts';
import type { Priority, ProduceRequest } from '../../../server/src/types/produce.ts';
import { failureOf } from './failures.ts';
import { pieceOf, requestFor } from './requests.ts';

const open: GatePorts = { isTrusted: () => true, isIgnored: () => false };
const remote: Destination = { name: 'Anthropic', isLoopback: false, isChosen: true, mayRunUnasked: true };
/** Assembled here, so that no scanner takes this file for a leak. */
const token = ['ghp_', 'wWPw5k4aXcaT4fNP0UcnZwJUVFk6LO0pINUx'].join('');

interface Case {
  readonly name: string;
  readonly reason: BlockReason;
  readonly says: RegExp;
  readonly ports?: Partial<GatePorts>;
  readonly to?: Partial<Destination>;
  readonly request?: Partial<ProduceRequest>;
}

const cases: readonly Case[] = [
  {
    name: 'an untrusted workspace',
    reason: 'untrusted',
    says: /Manage Workspace Trust/,
    ports: { isTrusted: () => false },
  },
  {
    name: 'trust that cannot be asked',
    reason: 'untrusted',
    says: /not trusted/,
    ports: {
      isTrusted: () => {
        throw new Error('gone');
      },
    },
  },
  {
    name: 'a provider that nobody chose',
    reason: 'notChosen',
    says: /CodeGloss: Select Model/,
    to: { isChosen: false },
  },
  {
    name: 'an ignored subject',
    reason: 'ignored',
    says: /src\/add\.ts.*ignore/,
    ports: { isIgnored: (path) => path === 'src/add.ts' },
  },
  {
    name: 'an ignored context piece, by its own path',
    reason: 'ignored',
    says: /src\/private\.ts/,
    ports: { isIgnored: (path) => path === 'src/private.ts' },
    request: { pieces: [pieceOf('src/private.ts', 'const a = 1;')] },
  },
  {
    name: 'ignore rules that cannot be read',
    reason: 'ignored',
    says: /could not be decided/,
    ports: { isIgnored: () => Promise.reject(new Error('EACCES')) },
  },
  {
    name: 'a credential file by its name',
    reason: 'secret',
    says: /deploy\/id_rsa/,
    request: { pieces: [pieceOf('deploy/id_rsa', 'nothing to see')] },
  },
  {
    name: 'a secret in the subject',
    reason: 'secret',
    says: /src\/add\.ts:2 .*codegloss:allow-secret/,
    request: { source: `a;\nconst t = "${token}";\n` },
  },
  {
    name: 'a secret in a context piece',
    reason: 'secret',
    says: /src\/client\.ts:1 /,
    request: { pieces: [pieceOf('src/client.ts', `const t = "${token}";`)] },
  },
  {
    name: 'a secret that only the prompt holds',
    reason: 'secret',
    says: /context of src\/add\.ts/,
    request: { prompt: [{ role: 'file', text: `token: ${token}` }] },
  },
  {
    name: 'a text over the size limit',
    reason: 'tooLarge',
    says: /over the limit/,
    request: { source: 'x '.repeat(largestRequest) },
  },
  {
    name: 'a prompt over the size limit',
    reason: 'tooLarge',
    says: /over the limit/,
    request: { prompt: [{ role: 'subject', text: 'x '.repeat(largestRequest) }] },
  },
  { name: 'bytes that are no text', reason: 'notText', says: /not text/, request: { source: 'PK\0\0' } },
];

describe.each(['hover', 'lens', 'file', 'background'] satisfies Priority[])(
  'the gate, for a %s request',
  (priority) => {
    it.each(cases)('blocks $name and says why in one line', async ({ reason, says, ports, to, request }) => {
      const gate = new Gate({ ...open, ...ports }, { ...remote, ...to });
      const error = await failureOf(gate.pass(requestFor({ priority, ...request })));
      expect(error).toMatchObject({ kind: 'blocked', reason });
      expect(error.message).toMatch(says);
      expect(error.message).not.toContain('\n');
      expect(error.message).not.toContain(token);
    });

    it('lets an ordinary request through', async () => {
      await expect(new Gate(open, remote).pass(requestFor({ priority }))).resolves.toBeUndefined();
    });
  },
);

describe('the gate', () => {
  it.each([
    ['hover', true],
    ['file', true],
    ['lens', false],
    ['background', false],
  ] satisfies [Priority, boolean][])(
    'lets %s requests out without codegloss.automatic: %s',
    async (priority, passes) => {
      const gate = new Gate(open, { ...remote, mayRunUnasked: false });
      const result = gate.pass(requestFor({ priority }));
      if (passes) await expect(result).resolves.toBeUndefined();
      else
        expect(await failureOf(result)).toMatchObject({
          reason: 'notChosen',
          message: expect.stringContaining('codegloss.automatic'),
        });
    },
  );

  it('takes a server on this machine as consent, and nothing more', async () => {
    const loopback: Destination = { name: 'Ollama', isLoopback: true, isChosen: false, mayRunUnasked: false };
    await expect(new Gate(open, loopback).pass(requestFor({ priority: 'background' }))).resolves.toBeUndefined();
    const secret = await failureOf(new Gate(open, loopback).pass(requestFor({ source: `"${token}"` })));
    expect(secret.reason).toBe('secret');
    const large = await failureOf(new Gate(open, loopback).pass(requestFor({ source: 'x '.repeat(largestRequest) })));
    expect(large.reason).toBe('tooLarge');
    const untrusted = await failureOf(new Gate({ ...open, isTrusted: () => false }, loopback).pass(requestFor()));
    expect(untrusted.reason).toBe('untrusted');
  });

  it('lets a line pass whose author says that it holds no secret, also where the prompt repeats it without the comment', async () => {
    const source = `const t = "${token}"; // codegloss:allow-secret\n`;
    const prompt = [{ role: 'subject', text: `1 | const t = "${token}";` }] as const;
    await expect(new Gate(open, remote).pass(requestFor({ source, prompt }))).resolves.toBeUndefined();
  });

  it('looks at trust first and at size last', async () => {
    const everything = { source: `"${token}"`, pieces: [pieceOf('.env', 'A=1')] };
    const closed = { isTrusted: () => false, isIgnored: () => true };
    expect(
      (await failureOf(new Gate(closed, { ...remote, isChosen: false }).pass(requestFor(everything)))).reason,
    ).toBe('untrusted');
    expect(
      (
        await failureOf(
          new Gate({ ...closed, isTrusted: () => true }, { ...remote, isChosen: false }).pass(requestFor(everything)),
        )
      ).reason,
    ).toBe('notChosen');
    expect(
      (await failureOf(new Gate({ ...closed, isTrusted: () => true }, remote).pass(requestFor(everything)))).reason,
    ).toBe('ignored');
    expect((await failureOf(new Gate(open, remote).pass(requestFor(everything)))).reason).toBe('secret');
  });

  it('tells hover and lens whether a file may be sent at all', async () => {
    const gate = new Gate({ ...open, isIgnored: (path) => path.startsWith('vendor/') }, remote);
    expect(await gate.blockOfPath('src/a.ts')).toBeUndefined();
    expect((await gate.blockOfPath('vendor/a.ts'))?.reason).toBe('ignored');
    expect((await gate.blockOfPath('.env.local'))?.reason).toBe('secret');
  });

  it('tells a context builder which pieces would not pass', async () => {
    const gate = new Gate({ ...open, isIgnored: (path) => path.startsWith('vendor/') }, remote);
    expect(await gate.blockOfText('src/a.ts', 'const a = 1;')).toBeUndefined();
    expect((await gate.blockOfText('vendor/a.ts', 'const a = 1;'))?.reason).toBe('ignored');
    expect((await gate.blockOfText('src/a.ts', `"${token}"`))?.reason).toBe('secret');
  });
});
