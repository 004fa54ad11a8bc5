import type { ProviderId } from '../types/summary.ts';

/** The user's key as long as it stays the same: asked for once. */
export function keyMemory(
  provider: ProviderId,
  ports: { apiKey(provider: ProviderId, signal: AbortSignal): Promise<string | null> },
) {
  let known: string | null = null;
  return {
    async get(signal: AbortSignal): Promise<string | null> {
      known ??= await ports.apiKey(provider, signal);
      return known;
    },
    forget(): void {
      known = null;
    },
  };
}
