/** Nothing yet to offer. */
export function activate(): void {}
