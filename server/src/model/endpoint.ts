/** True when the URL points at this very machine: 127.0.0.0/8, ::1 or `localhost`. Anything that is no URL is not. */
export function isLoopback(url: string): boolean {
  if (!URL.canParse(url)) return false;
  const host = new URL(url).hostname.toLowerCase();
  if (host === 'localhost' || host.endsWith('.localhost') || host === '[::1]') return true;
  return /^127\.\d{1,3}\.\d{1,3}\.\d{1,3}$/.test(host);
}

/** Ports of other protocols that `fetch` refuses (Fetch Standard, "port blocking"), so that nobody is made to talk HTTP to a mail server. */
const refusedPorts: ReadonlySet<number> = new Set([
  0, 1, 7, 9, 11, 13, 15, 17, 19, 20, 21, 22, 23, 25, 37, 42, 43, 53, 69, 77, 79, 87, 95, 101, 102, 103, 104, 109, 110,
  111, 113, 115, 117, 119, 123, 135, 137, 139, 143, 161, 179, 389, 427, 465, 512, 513, 514, 515, 526, 530, 531, 532,
  540, 548, 554, 556, 563, 587, 601, 636, 989, 990, 993, 995, 1719, 1720, 1723, 2049, 3659, 4045, 4190, 5060, 5061,
  6000, 6566, 6665, 6666, 6667, 6668, 6669, 6679, 6697, 10080,
]);

/** What is wrong with the setting `codegloss.endpoint`, in one line that says how to mend it; undefined when nothing is. */
export function endpointProblem(setting: string): string | undefined {
  const shown = setting.slice(0, 100);
  if (endpointOf(setting, 'http://localhost') === undefined)
    return `codegloss.endpoint is no http or https URL: "${shown}". Correct it in the settings.`;
  if (setting.trim() === '') return undefined;
  const { port } = new URL(setting.trim());
  return port !== '' && refusedPorts.has(Number(port))
    ? `codegloss.endpoint names port ${port}, which belongs to another protocol and is never asked: "${shown}". Correct it in the settings.`
    : undefined;
}

/** The setting as the SDKs want it (no trailing slash), or the default; undefined when it is no http(s) URL. */
export function endpointOf(setting: string, otherwise: string): string | undefined {
  const text = setting.trim() === '' ? otherwise : setting.trim();
  if (!URL.canParse(text) || !/^https?:$/.test(new URL(text).protocol)) return undefined;
  return text.replace(/\/+$/, '');
}
