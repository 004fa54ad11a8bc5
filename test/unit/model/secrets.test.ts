import { describe, expect, it } from 'vitest';
import { isCredentialPath } from '../../../server/src/model/secretPaths.ts';
import { scanForSecrets } from '../../../server/src/model/secrets.ts';

/** Parts are joined at run time, so that no scanner takes this file for a leak. */
const join = (...parts: readonly string[]): string => parts.join('');

describe('the secret scan', () => {
  it.each([
    ['a GitHub token', join('const t = "ghp_', 'wWPw5k4aXcaT4fNP0UcnZwJUVFk6LO0pINUx"')],
    ['an Anthropic key', join('key: sk-ant-', 'api03-', 'aB3dE'.repeat(18), 'xyz-aBcdefAA')],
    ['an AWS access key', join('AKIA', 'QWERTYUIOPASDFGH')],
    [
      'a private key',
      join(
        '-----BEGIN RSA PRIVATE',
        ' KEY-----\n',
        'MIIEpAIBAAKCAQEA7bq\n'.repeat(8),
        '-----END RSA PRIVATE',
        ' KEY-----',
      ),
    ],
    [
      'a JSON web token',
      join('eyJhbGciOiJIUzI1NiJ9.', 'eyJzdWIiOiIxMjM0NTY3ODkwIn0.', 'dozjgNryP4J3jVmNHl0w5N_XgL0n3I9P'),
    ],
    ['a password with digits', join('db_password = "', 'tr0ub4dor&3x"')],
    ['an API key in hex', join("apiKey: '", '9f86d081884c7d659a2feaa0c55ad015', "'")],
    ['a password in a URL', join('postgres://app:', 'h8Kq2xWz9@db.internal/app')],
    ['a client secret in MUMPS', join('S CLIENTSECRET="', 'q8Zr71LmP0xTt4"')],
  ])('finds %s', async (_, text) => {
    const { found } = await scanForSecrets(`first line\n${text}\n`);
    expect(found.length).toBeGreaterThan(0);
    expect(found[0]!.line).toBe(1);
  });

  it.each([
    ['a parameter', 'function login(user: string, password: string) { return check(user, password); }'],
    ['a constant name', 'const PASSWORD_FIELD = "password_field";'],
    ['a message', 'const secretMessage = "Please enter your password again";'],
    ['a placeholder', 'password = "changeme123"'],
    ['an environment read', 'api_key = os.environ["API_KEY"]'],
    ['a template', `const token = \`\${prefix}-access-token-\${id}\`;`],
    ['a hash of content', 'const integrity = "sha256 of the file, see docs";'],
    ['a comparison', 'if (accessToken === "undefined-token") return;'],
    ['a URL', 'const authTokenUrl = "https://auth.example.com/token1";'],
    ['assembler', 'SAVE   STM  R14,R12,12(R13)   PASSWORD CHECK'],
  ])('lets %s pass', async (_, text) => {
    expect((await scanForSecrets(text)).found).toEqual([]);
  });

  it('keeps the value of an allowed line apart', async () => {
    const value = join('ghp_', 'wWPw5k4aXcaT4fNP0UcnZwJUVFk6LO0pINUx');
    const scan = await scanForSecrets(`t = "${value}"  # codegloss:allow-secret`);
    expect(scan.found).toEqual([]);
    expect([...scan.allowed]).toContain(value);
  });

  it('takes time in proportion to the text', async () => {
    const text = 'password = "'.repeat(20_000);
    const before = performance.now();
    await scanForSecrets(text);
    expect(performance.now() - before).toBeLessThan(3000);
  });
});

describe('credential paths', () => {
  it.each([
    '.env',
    'app/.env.production',
    'certs/server.pem',
    'id_rsa',
    'home/.ssh/config',
    'C:\\keys\\a.PFX',
    '.npmrc',
    'config/secrets.yml',
    'prod.tfvars',
  ])('keeps %s here', (path) => {
    expect(isCredentialPath(path)).toBe(true);
  });

  it.each(['.env.example', 'src/env.ts', 'src/secrets.ts', 'src/id_rsa.test.ts', 'docs/keys.md', 'src/key.ts'])(
    'lets %s go',
    (path) => {
      expect(isCredentialPath(path)).toBe(false);
    },
  );
});
