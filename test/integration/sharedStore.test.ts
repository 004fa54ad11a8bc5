import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { openOutbox } from '../../server/src/store/outbox.ts';
import { storeAddress } from '../../server/src/store/postgres/address.ts';
import { rowId } from '../../server/src/store/postgres/seal.ts';
import { connectSummaries } from '../../server/src/store/postgres/summaries.ts';
import { createSharedStore, type SharedStore, type Team } from '../../server/src/store/sharedStore.ts';
import type { SubjectId } from '../../server/src/store/store.ts';
import { createSummaryStore } from '../../server/src/store/summaryStore.ts';
import { contentHash } from '../../server/src/types/contentHash.ts';
import type { StoredSummary, SummaryKey } from '../../server/src/types/summary.ts';
import { type Cluster, postgresPrograms, startCluster } from './postgres.ts';

const programs = postgresPrograms();
if (programs === undefined) console.log('skipped: there is no PostgreSQL here, and none could be installed');

const signal = new AbortController().signal;
const keyOf = (text: string): SummaryKey => contentHash(text) as string as SummaryKey;
const subjectOf = (text: string): SubjectId => contentHash(`subject ${text}`) as SubjectId;

function summaryOf(text: string): StoredSummary {
  return {
    key: keyOf(text),
    line: `Says ${text}.`,
    paragraph: 'It says what it was told.',
    claims: [],
    origin: 'model',
    producer: { provider: 'anthropic', model: 'test' },
    usage: { input: 1, cached: 0, output: 1, cost: 0 },
    droppedClaims: 0,
    createdAt: 1,
    basis: [],
  };
}

describe.skipIf(programs === undefined)('the shared store', () => {
  let cluster: Cluster;
  let databases = 0;
  const stores: SharedStore[] = [];
  const teams: Team[] = [];
  const folders: string[] = [];

  beforeAll(() => {
    cluster = startCluster(programs ?? '');
    cluster.sql('postgres', 'CREATE ROLE member LOGIN');
  });
  afterAll(() => cluster.dispose());
  afterEach(async () => {
    for (const store of stores.splice(0)) store.close();
    for (const { remote, outbox } of teams.splice(0)) {
      await remote.close();
      outbox.close();
    }
    for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
  });

  const newDatabase = (): string => {
    const name = `shared${++databases}`;
    cluster.database(name);
    return name;
  };

  /** One machine of the team: a user folder of its own and its connection. */
  function machine(database: string, { user = 'owner', folder = newFolder() } = {}) {
    const address = storeAddress(cluster.url(database, user));
    if (!address.ok) throw new Error(address.problem);
    const problems: string[] = [];
    const team = { remote: connectSummaries(address.config), outbox: openOutbox(folder) };
    const store = createSharedStore({
      local: createSummaryStore({ folder, clock: Date.now }),
      team: () => team,
      clock: Date.now,
      onProblem: (message) => problems.push(message),
    });
    stores.push(store);
    teams.push(team);
    store.wake();
    return { store, folder, problems };
  }

  function newFolder(): string {
    const folder = mkdtempSync(path.join(tmpdir(), 'codegloss-shared-'));
    folders.push(folder);
    return folder;
  }

  it('gives one machine what another one made, by its key', async () => {
    const database = newDatabase();
    const one = machine(database);
    one.store.put(subjectOf('a'), summaryOf('a'));
    expect(await one.store.flush()).toBe(0);
    const other = machine(database);
    expect(other.store.get(keyOf('a'))).toBeUndefined();
    expect(await other.store.fetch?.(keyOf('a'), signal)).toEqual(summaryOf('a'));
    expect(await other.store.fetch?.(keyOf('never made'), signal)).toBeUndefined();
  });

  it('shows nothing to who lists the database, and everything to who has the key', async () => {
    const database = newDatabase();
    const owner = machine(database);
    owner.store.put(subjectOf('secret'), summaryOf('secret'));
    await owner.store.flush();
    for (const statement of [
      'SELECT * FROM codegloss.summaries',
      'DELETE FROM codegloss.summaries',
      'SELECT codegloss.summary_trim(0, 1)',
    ])
      expect(() => cluster.sql(database, `SET ROLE member; ${statement}`)).toThrow(/permission denied/);
    const row = cluster.sql(database, "SELECT encode(id, 'hex') || encode(body, 'escape') FROM codegloss.summaries");
    expect(row.startsWith(rowId(keyOf('secret')).toString('hex'))).toBe(true);
    expect(row).not.toMatch(/Says|anthropic/);
    expect(row).not.toContain(keyOf('secret'));
    const member = machine(database, { user: 'member' });
    expect(await member.store.fetch?.(keyOf('secret'), signal)).toEqual(summaryOf('secret'));
    member.store.put(subjectOf('mine'), summaryOf('mine'));
    expect(await member.store.flush()).toBe(0);
    expect(member.problems).toEqual([]);
  });

  it('never changes a row: the first writer wins', async () => {
    const database = newDatabase();
    const [one, other] = [machine(database), machine(database)];
    one.store.put(subjectOf('a'), summaryOf('a'));
    await one.store.flush();
    other.store.put(subjectOf('a'), { ...summaryOf('a'), line: 'Says something else.' });
    await other.store.flush();
    expect((await machine(database).store.fetch?.(keyOf('a'), signal))?.line).toBe('Says a.');
  });

  it('works while the server is away, survives the end of the process, and catches up', async () => {
    const database = newDatabase();
    const before = machine(database);
    before.store.put(subjectOf('first'), summaryOf('first'));
    await before.store.flush();
    cluster.stop();
    let waiting = 0;
    const away = machine(database);
    try {
      expect(await away.store.fetch?.(keyOf('first'), signal)).toBeUndefined();
      away.store.put(subjectOf('second'), summaryOf('second'));
      expect(away.store.get(keyOf('second'))).toEqual(summaryOf('second'));
      waiting = await away.store.flush();
      await away.store.finish();
    } finally {
      cluster.start();
    }
    expect(waiting).toBe(1);
    expect(away.problems).toHaveLength(1);
    const later = machine(database, { folder: away.folder });
    await expect.poll(() => cluster.sql(database, 'SELECT count(*) FROM codegloss.summaries')).toBe('2');
    expect(await later.store.fetch?.(keyOf('first'), signal)).toEqual(summaryOf('first'));
  });

  it('makes its tables once, however many start at the same time', async () => {
    const database = newDatabase();
    const machines = Array.from({ length: 8 }, () => machine(database));
    await Promise.all(machines.map(({ store }) => store.fetch?.(keyOf('x'), signal)));
    expect(machines.flatMap(({ problems }) => problems)).toEqual([]);
    expect(cluster.sql(database, 'SELECT count(*) = max(version) FROM codegloss.migrations')).toBe('t');
  });

  it('forgets what nobody used for long, and keeps what was read', async () => {
    const database = newDatabase();
    const one = machine(database);
    for (const text of ['old', 'read']) one.store.put(subjectOf(text), summaryOf(text));
    await one.store.flush();
    cluster.sql(database, 'UPDATE codegloss.summaries SET used = current_date - 100');
    await machine(database).store.fetch?.(keyOf('read'), signal);
    const address = storeAddress(cluster.url(database));
    if (!address.ok) throw new Error(address.problem);
    const remote = connectSummaries(address.config);
    expect(await remote.trim(90)).toBe(1);
    await remote.close();
    expect(await machine(database).store.fetch?.(keyOf('read'), signal)).toEqual(summaryOf('read'));
  });

  it('takes a row that was sealed for other code as none', async () => {
    const database = newDatabase();
    const one = machine(database);
    one.store.put(subjectOf('a'), summaryOf('a'));
    await one.store.flush();
    cluster.sql(database, `UPDATE codegloss.summaries SET id = '\\x${rowId(keyOf('b')).toString('hex')}'`);
    expect(await machine(database).store.fetch?.(keyOf('b'), signal)).toBeUndefined();
  });
});
