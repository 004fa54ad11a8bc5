import { ModelError } from '../types/errors.ts';
import type { Clock } from './clock.ts';

/** Watches a stream: aborts it when nothing has come for too long, or when the caller does. */
export interface IdleTimer {
  /** Hand this to the SDK. */
  readonly signal: AbortSignal;
  /** Something came. */
  touch(): void;
  /** Set when the silence, not the caller, ended the stream. */
  readonly stalled: boolean;
  /** Must be called at the end. */
  stop(): void;
}

/** @param idleMs longest silence in milliseconds, before the first byte as well as between two. */
export function idleTimer(clock: Clock, idleMs: number, outer: AbortSignal): IdleTimer {
  const controller = new AbortController();
  let stalled = false;
  const expire = (): void => {
    stalled = true;
    controller.abort(new ModelError('network', 'The stream stalled.'));
  };
  const follow = (): void => controller.abort(outer.reason);
  if (outer.aborted) follow();
  outer.addEventListener('abort', follow, { once: true });
  let cancel = clock.after(idleMs, expire);
  return {
    signal: controller.signal,
    touch: () => {
      cancel();
      cancel = clock.after(idleMs, expire);
    },
    get stalled() {
      return stalled;
    },
    stop: () => {
      cancel();
      outer.removeEventListener('abort', follow);
    },
  };
}
