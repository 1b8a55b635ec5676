/** The four bytes before every protobuf body: "k8s" and a zero. */
export const envelopeMagic = Buffer.from([0x6b, 0x38, 0x73, 0x00]);
