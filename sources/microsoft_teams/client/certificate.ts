import { createPrivateKey, X509Certificate } from 'node:crypto'
import { CertificateUnusableError } from '../errors/certificate_unusable_error.ts'

/** A certificate as MSAL takes it. */
export interface ClientCertificate {
  /** Hexadecimal SHA-256 of the certificate. */
  thumbprintSha256: string
  /** PEM. */
  privateKey: string
  /** PEM; sent along, so that certificates of a trusted issuer also work by name. */
  x5c: string
}

const BLOCK = /-----BEGIN ([A-Z0-9 ]+)-----[\s\S]+?-----END \1-----/g

/**
 * Takes a PEM text with a certificate and its private key apart, in any order. Line ends may be written as `\n`,
 * as they are in JSON and environment variables.
 * @throws CertificateUnusableError
 */
export function parseCertificate(text: string): ClientCertificate {
  const pem = text.replaceAll('\\n', '\n')
  const blocks = [...pem.matchAll(BLOCK)].map(([block, label]) => ({ block, label: label! }))
  const key = blocks.find(({ label }) => label.endsWith('PRIVATE KEY'))
  const certificates = blocks.filter(({ label }) => label === 'CERTIFICATE').map(({ block }) => block)
  if (key === undefined) throw new CertificateUnusableError('has no private key')
  if (certificates.length === 0) throw new CertificateUnusableError('has no certificate')
  if (key.label.startsWith('ENCRYPTED')) throw new CertificateUnusableError('has an encrypted private key')
  // The first is the app's own; what follows is its chain.
  const certificate = read(() => new X509Certificate(certificates[0]!), 'holds a certificate that cannot be read')
  const privateKey = read(() => createPrivateKey(key.block), 'holds a private key that cannot be read')
  if (!certificate.checkPrivateKey(privateKey)) {
    throw new CertificateUnusableError('holds a private key that does not belong to its certificate')
  }
  return {
    thumbprintSha256: certificate.fingerprint256.replaceAll(':', ''),
    privateKey: key.block,
    x5c: certificates.join('\n'),
  }
}

function read<T>(parse: () => T, why: string): T {
  try {
    return parse()
  } catch {
    throw new CertificateUnusableError(why)
  }
}
