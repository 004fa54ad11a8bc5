const beforeSending = new Set(['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH', 'ENETUNREACH']);

/** How deep SDKs wrap the error of the socket. */
const deepestCause = 5;

/** True when the connection failed before a byte of the request was sent: then nothing can have been billed. */
export function wasNeverSent(error: unknown): boolean {
  let cause = error;
  for (let depth = 0; depth < deepestCause && cause instanceof Error; depth += 1) {
    if ('code' in cause && typeof cause.code === 'string' && beforeSending.has(cause.code)) return true;
    cause = cause.cause;
  }
  return false;
}
