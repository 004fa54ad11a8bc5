import { isCancellation, ModelError } from '../types/errors.ts';

/** Whatever a task threw, as ours. */
export function asModelError(error: unknown): ModelError {
  if (ModelError.is(error)) return error;
  if (isCancellation(error)) return new ModelError('cancelled', 'Cancelled.', { cause: error });
  return new ModelError('unavailable', 'The model could not be asked: an unexpected error, see CodeGloss: Show Log.', {
    cause: error,
  });
}

/** For a reader who would have to wait longer than anyone does. */
export function stillPaused(ms: number): ModelError {
  return new ModelError('rateLimited', `The provider asked for a pause of ${Math.ceil(ms / 1000)} s: try again then.`, {
    retryAfterMs: ms,
  });
}

export function queueFull(longest: number): ModelError {
  return new ModelError('unavailable', `${longest} requests are waiting already: try again when some are done.`);
}
