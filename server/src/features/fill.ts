import type { Settings } from '../settings.ts';
import type { Priority } from '../types/produce.ts';
import type { Gloss, Target } from './gloss.ts';

/** How long a lens or a hover may wait for a producer that answers at once (no model); both have 20 ms for all they do. */
const instantMs = 12;

/** Whether a producer may fill lenses and hovers without being asked. */
export function fillsByItself(settings: Settings, producerIsLocal: boolean): boolean {
  return producerIsLocal || settings.automatic;
}

/** Starts what is missing or stale, and gives a producer that needs no model the chance to answer within the same request. */
export async function fill(gloss: Gloss, target: Target, priority: Priority): Promise<void> {
  if (gloss.state(target).freshness === 'fresh') return;
  gloss.start(target, priority);
  const end = performance.now() + instantMs;
  while (gloss.isWorking(target) && performance.now() < end) await new Promise((resolve) => setImmediate(resolve));
}
