/** Files that hold credentials by their name alone; never sent, whatever they contain. Examples and templates are meant to be read. */
const credentialFiles: readonly RegExp[] = [
  /^\.env(?:\..+)?$/,
  /\.(?:pem|key|p12|pfx|jks|keystore|ppk|kdbx?|asc|gpg|ovpn)$/,
  /^id_(?:rsa|dsa|ecdsa|ed25519)(?:_.*)?$/,
  /^\.(?:netrc|npmrc|pypirc|pgpass|htpasswd|git-credentials|dockercfg|s3cfg|boto)$/,
  /^(?:credentials|secrets?)(?:\.(?:json|ya?ml|toml|ini|xml|properties))?$/,
  /^(?:service[-_]?account|client_secret).*\.json$/,
  /\.tfstate(?:\.backup)?$/,
  /\.tfvars$/,
];

const credentialFolders = /(?:^|\/)\.(?:ssh|gnupg|aws|azure|kube|docker)\//;

const harmless = /(?:^|\.)(?:example|sample|template|dist|defaults)$/;

/** True when the path alone says that the file holds credentials. `path` uses `/` between its parts. */
export function isCredentialPath(path: string): boolean {
  const lower = path.toLowerCase().replaceAll('\\', '/');
  const name = lower.slice(lower.lastIndexOf('/') + 1);
  if (credentialFolders.test(lower)) return true;
  return !harmless.test(name) && credentialFiles.some((pattern) => pattern.test(name));
}
