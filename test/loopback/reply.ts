/** A request with a body, reduced to what both wire formats share. */
export interface WireRequest {
  readonly body: Readonly<Record<string, unknown>>;
  readonly prompt: string;
  readonly model: string;
}

/** A streamed answer: server-sent events, one string each. */
export interface Reply {
  readonly chunks: readonly string[];
}
