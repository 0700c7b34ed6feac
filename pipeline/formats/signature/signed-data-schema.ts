import { type Asn1, attempt } from './der.ts';
import { asn1js, pkijs } from './pki-libraries.ts';

const { Any, Constructed, compareSchema, Integer, Repeated, Sequence, Set: SetOf } = asn1js;
const { AlgorithmIdentifier, EncapsulatedContentInfo } = pkijs;

/** Says whether a value has the parts of a SignedData (RFC 5652, 5.1), whatever its certificates and signers hold. */
export function isSignedData(node: Asn1): boolean {
  return attempt(() => compareSchema(node, node, schema).verified, 'signed data');
}

const anything = [new Repeated({ value: new Any() })];
const context = (tagNumber: number) => ({ tagClass: 3, tagNumber });

const schema = new Sequence({
  value: [
    new Integer(),
    new SetOf({ value: [new Repeated({ value: AlgorithmIdentifier.schema() })] }),
    EncapsulatedContentInfo.schema(),
    new Constructed({ optional: true, idBlock: context(0), value: anything }),
    new Constructed({ optional: true, idBlock: context(1), value: anything }),
    new SetOf({ value: anything }),
  ],
});
