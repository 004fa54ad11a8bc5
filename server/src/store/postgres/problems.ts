/** Node's codes for a certificate that no known authority has signed. */
const unknownAuthority: ReadonlySet<string> = new Set([
  'SELF_SIGNED_CERT_IN_CHAIN',
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
  'UNABLE_TO_GET_ISSUER_CERT',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
  'CERT_SIGNATURE_FAILURE',
]);

/**
 * Why the team's database cannot be reached, as one sentence that says what to do; the server's own words where we know no better. Never holds the URL,
 * which may hold a password.
 */
export function reachProblem(error: unknown): string {
  const { code = '', message = String(error) } = error as { readonly code?: string; readonly message?: string };
  if (unknownAuthority.has(code))
    return "the server's certificate is signed by no authority that is trusted here: add sslrootcert=FILE with that authority's certificate to the URL.";
  if (code === 'ERR_TLS_CERT_ALTNAME_INVALID')
    return "the server's certificate is made out to another name: write the host in the URL as the certificate has it.";
  if (code === 'CERT_HAS_EXPIRED') return "the server's certificate has expired: renew it there.";
  if (/does not support SSL/i.test(message))
    return 'the server does not speak TLS: have it turned on there, or add sslmode=disable to the URL where the network is trusted.';
  if (code === '28000' && /no encryption|SSL off/i.test(message))
    return 'the server takes encrypted connections only: write sslmode=verify-full into the URL.';
  if (code === '28P01') return 'the server refuses the user or the password: correct them.';
  return message === '' ? code : message;
}
