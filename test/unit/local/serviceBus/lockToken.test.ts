import { fromDeliveryTag, fromUuidBytes, toDeliveryTag, toUuidBytes } from '../../../../local/serviceBus/lockToken';

const TOKEN = '00112233-4455-6677-8899-aabbccddeeff';

describe('lock tokens', () => {
  it("are written into a delivery tag in .NET's byte order", () => {
    expect(toDeliveryTag(TOKEN).toString('hex')).toBe('33221100554477668899aabbccddeeff');
    expect(fromDeliveryTag(Buffer.from('33221100554477668899aabbccddeeff', 'hex'))).toBe(TOKEN);
  });

  it('are written into a management request in the order they are read in', () => {
    expect(toUuidBytes(TOKEN).toString('hex')).toBe('00112233445566778899aabbccddeeff');
    expect(fromUuidBytes(Buffer.from('00112233445566778899aabbccddeeff', 'hex'))).toBe(TOKEN);
  });

  it('leave the tag they are read from as it was', () => {
    const tag = toDeliveryTag(TOKEN);
    fromDeliveryTag(tag);
    expect(tag).toEqual(toDeliveryTag(TOKEN));
  });
});
