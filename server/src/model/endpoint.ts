/** True when the URL points at this very machine: 127.0.0.0/8, ::1 or `localhost`. Anything that is no URL is not. */
export function isLoopback(url: string): boolean {
  if (!URL.canParse(url)) return false;
  const host = new URL(url).hostname.toLowerCase();
  if (host === 'localhost' || host.endsWith('.localhost') || host === '[::1]') return true;
  return /^127\.\d{1,3}\.\d{1,3}\.\d{1,3}$/.test(host);
}

/** The setting as the SDKs want it (no trailing slash), or the default; undefined when it is no http(s) URL. */
export function endpointOf(setting: string, otherwise: string): string | undefined {
  const text = setting.trim() === '' ? otherwise : setting.trim();
  if (!URL.canParse(text) || !/^https?:$/.test(new URL(text).protocol)) return undefined;
  return text.replace(/\/+$/, '');
}
