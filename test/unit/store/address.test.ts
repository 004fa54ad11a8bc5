import { describe, expect, it } from 'vitest';
import { settingProblem, storeAddress } from '../../../server/src/store/postgres/address.ts';

describe('the shared store by its URL', () => {
  it.each([
    ['postgres://ann@db.example.org/team', { host: 'db.example.org', port: 5432, ssl: { rejectUnauthorized: true } }],
    ['postgresql://ann@db.example.org:6000/team?sslmode=disable', { port: 6000, ssl: false }],
    ['postgres://ann@db.example.org/team?sslmode=no-verify', { ssl: { rejectUnauthorized: false } }],
    ['postgres://ann@localhost/team', { host: 'localhost', ssl: false }],
    ['postgres:///team?host=/run/postgresql&user=ann', { host: '/run/postgresql', user: 'ann', ssl: false }],
  ])('%s', (url, expected) => {
    const address = storeAddress(url);
    expect(address).toMatchObject({ ok: true, config: { user: 'ann', database: 'team', ...expected } });
  });

  it.each([
    ['mysql://ann@db/team', /postgres/],
    ['db.example.org', /postgres/],
    ['postgres://ann@db', /no database/],
    ['postgres://ann@db/team?sslrootcert=/no/such/file', /sslrootcert/],
  ])('%s is refused, with what to mend', (url, problem) => {
    const address = storeAddress(url);
    expect(address.ok ? '' : address.problem).toMatch(problem);
  });

  it("takes the password from the URL, or from who keeps it; never the environment's", async () => {
    const passwordOf = async (...args: Parameters<typeof storeAddress>): Promise<unknown> => {
      const address = storeAddress(...args);
      const password = address.ok ? address.config.password : undefined;
      return typeof password === 'function' ? password() : password;
    };
    expect(await passwordOf('postgres://ann:p%40ss@db/team')).toBe('p@ss');
    expect(await passwordOf('postgres://ann:old@db/team', async () => 'kept')).toBe('kept');
    expect(await passwordOf('postgres://ann@db/team', async () => null)).toBe('');
  });

  it('may hold no password where it stands in a settings file', () => {
    expect(settingProblem('postgres://ann:secret@db/team')).toMatch(/Set Store Password/);
    expect(settingProblem('postgres://ann@db/team?password=secret')).toMatch(/Set Store Password/);
    expect(settingProblem('postgres://ann@db/team')).toBeUndefined();
    expect(settingProblem('')).toBeUndefined();
  });
});
