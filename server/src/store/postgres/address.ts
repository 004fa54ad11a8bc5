import { readFileSync } from 'node:fs';
import { isIP } from 'node:net';
import { userInfo } from 'node:os';
import type { PoolConfig } from 'pg';

/** Where the shared store is, or why the URL is none of ours, in a sentence that says what to do. */
export type StoreAddress =
  | { readonly ok: true; readonly config: PoolConfig }
  | { readonly ok: false; readonly problem: string };

const protocols = new Set(['postgres:', 'postgresql:']);
const localHosts = new Set(['localhost', '127.0.0.1', '::1']);

/**
 * Reads `postgres://USER:PASSWORD@HOST:PORT/DATABASE?sslmode=…`; for a Unix socket `postgres:///DATABASE?host=/run/postgresql&user=…`.
 * A server elsewhere is spoken to by TLS with its certificate checked, unless the URL says otherwise (`sslmode=no-verify` or `disable`; every other
 * mode that others know, such as `require`, is as strict as `verify-full`, which also asks a server of this machine for TLS);
 * `sslrootcert` names the file of another authority. Every option that `pg` would else take from the environment is named.
 * @param password asked at each connection for what replaces the URL's own: from SecretStorage
 */
export function storeAddress(url: string, password?: () => Promise<string | null>): StoreAddress {
  const parsed = URL.canParse(url) ? new URL(url) : undefined;
  if (parsed === undefined || !protocols.has(parsed.protocol))
    return { ok: false, problem: 'it is no postgres://HOST/DATABASE URL: correct it.' };
  // An address of IPv6 stands in brackets in a URL, and only there.
  const host = (
    parsed.searchParams.get('host') ?? (parsed.hostname === '' ? 'localhost' : decodeURIComponent(parsed.hostname))
  ).replace(/^\[(.*)\]$/, '$1');
  const database = decodeURIComponent(parsed.pathname.slice(1));
  if (database === '') return { ok: false, problem: 'it names no database: add /NAME to its end.' };
  const user = parsed.searchParams.get('user') ?? (decodeURIComponent(parsed.username) || userInfo().username);
  const ssl = tlsOf(parsed.searchParams, host);
  if (ssl === undefined) return { ok: false, problem: 'its sslrootcert cannot be read: check the path.' };
  return {
    ok: true,
    config: {
      host,
      port: Number(parsed.searchParams.get('port') ?? (parsed.port || 5432)),
      database,
      user,
      // Never undefined: `pg` would look into PGPASSWORD and ~/.pgpass.
      password: async () => (await password?.()) ?? decodeURIComponent(parsed.password),
      ssl,
      application_name: 'codegloss',
      fallback_application_name: 'codegloss',
      options: '',
      keepAlive: true,
    },
  };
}

/** Why this URL may not stand in a settings file; undefined when it may. */
export function settingProblem(url: string): string | undefined {
  if (url === '' || !URL.canParse(url)) return undefined;
  const parsed = new URL(url);
  if (parsed.password === '' && !parsed.searchParams.has('password')) return undefined;
  return 'codegloss.store.url holds a password, and settings files are copied and shared: take it out of the URL and run "CodeGloss: Set Store Password".';
}

function tlsOf(options: URLSearchParams, host: string): PoolConfig['ssl'] | undefined {
  const isLocal = host.startsWith('/') || localHosts.has(host);
  const mode = options.get('sslmode') ?? (isLocal ? 'disable' : 'verify-full');
  if (mode === 'disable') return false;
  if (mode === 'no-verify') return { rejectUnauthorized: false };
  const root = options.get('sslrootcert');
  try {
    // The certificate is held against `servername`, which may be no IP address, and else against `host`; without either, against 'localhost'.
    const named = isIP(host) === 0 ? { servername: host } : { host };
    return { rejectUnauthorized: true, ...named, ...(root === null ? {} : { ca: readFileSync(root, 'utf8') }) };
  } catch {
    return undefined;
  }
}
