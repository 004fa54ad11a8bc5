export function parse(line: string): [string, string] {
  const [name = '', value = ''] = line.trim().split('=');
  return [name, value];
}
