import { ModelError } from '../../../server/src/types/errors.ts';

/** A signal that never aborts. */
export const never: AbortSignal = new AbortController().signal;

/** The ModelError that the promise rejects with; anything else fails the test. */
export async function failureOf(promise: Promise<unknown>): Promise<ModelError> {
  const outcome = await promise.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  if (!ModelError.is(outcome)) throw new Error(`expected a ModelError, got ${String(outcome)}`);
  return outcome;
}
