/**
 * Lock tokens are UUIDs. A delivery tag carries one in .NET's byte order (its first three groups reversed), a
 * management request in the order of RFC 9562; inside the stand-in they are texts.
 */
export function toDeliveryTag(token: string): Buffer {
  const bytes = toUuidBytes(token);
  bytes.subarray(0, 4).reverse();
  bytes.subarray(4, 6).reverse();
  bytes.subarray(6, 8).reverse();
  return bytes;
}

export function fromDeliveryTag(tag: Buffer): string {
  // Reversing is its own inverse.
  return fromUuidBytes(toDeliveryTag(fromUuidBytes(tag)));
}

export function toUuidBytes(token: string): Buffer {
  return Buffer.from(token.replaceAll('-', ''), 'hex');
}

export function fromUuidBytes(bytes: Buffer): string {
  const hex = bytes.toString('hex');
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
}
