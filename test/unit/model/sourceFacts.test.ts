import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { sourceClauses } from '../../../server/src/model/outline/sourceFacts.ts';

describe('what the text of a legacy routine shows', () => {
  it.each([
    [' S ^A(1)=^B(2)+$G(^C(^D(1)))\n', ['sets `^A`', 'reads `^B`, `^C` and `^D`']],
    [' S X=1,^A(X,"=")=2 K ^T($J),^U(1)\n', ['sets `^A`', 'kills `^T` and `^U`']],
    [' I ^A(1)=2 Q\n', ['reads `^A`']],
    [' D X^RTN(1),^PGM(2) W:A "^B(1)=" ; ^C(1)=\n', ['reads `^PGM`', 'writes to the device']],
    [' . R X:5 S Y=$$F^G(1)\n', ['asks at the device']],
    [' N W,R S W=1\n', []],
  ])('MUMPS %j', (source, clauses) => {
    expect(sourceClauses(source, 'mumps')).toEqual(clauses);
  });

  it('HLASM: what is asked of CICS and SQL, once each', () => {
    const source =
      '* EXEC CICS LINK\nA        EXEC CICS SEND FROM(X)\n         EXEC SQL  SELECT 1\n         EXEC CICS SEND FROM(Y)\n';
    expect(sourceClauses(source, 'hlasm')).toEqual(['issues `EXEC CICS SEND` and `EXEC SQL SELECT`']);
  });

  it('is nothing for other languages, and survives any text', () => {
    expect(sourceClauses('a ^B(1)', 'c')).toEqual([]);
    fc.assert(fc.property(fc.string(), (text) => sourceClauses(` S ^A(${text}`, 'mumps').length >= 0));
  });
});
