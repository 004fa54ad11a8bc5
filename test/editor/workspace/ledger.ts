interface Entry {
  readonly account: string;
  readonly cents: number;
}

export function balance(entries: readonly Entry[]): number {
  return entries.reduce((sum, entry) => sum + entry.cents, 0);
}

export function overdrawn(entries: readonly Entry[]): string[] {
  const sums = new Map<string, number>();
  for (const { account, cents } of entries) sums.set(account, (sums.get(account) ?? 0) + cents);
  return [...sums].filter(([, sum]) => sum < 0).map(([account]) => account);
}
