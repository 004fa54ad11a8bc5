import { describe, expect, it } from 'vitest';
import { strengthsOf } from './openPartition.ts';

describe('cuts of MUMPS', () => {
  it('grade labels by how control comes to them', async () => {
    expect(
      await strengthsOf('mumps', [
        'TEST ;XX/YY - Test routine ;1/1/90',
        ' ;;1.0;TEST;;',
        ' S X=1',
        ' Q',
        'ADD(A,B)',
        ' N C',
        ' S C=A+B',
        ' Q C',
        'SHOW',
        ' W X',
        ' W Y',
        'LOOP',
        ' S X=X+1 I X<9 G LOOP',
        ' Q',
      ]),
    ).toEqual(['3:0', '4:5', '6:0', '7:0', '8:4', '10:0', '11:1', '13:0']);
  });

  it('keep dots with their DO, ELSE with its IF, and text rows with their label', async () => {
    const cuts = await strengthsOf('mumps', [
      'TEST ;title',
      ' S X=1',
      ' I X D',
      ' . S Y=1',
      ' . S Z=2',
      ' E  S Y=2',
      ' S Q=1',
      ' Q',
      'TAB ;;first row',
      ' ;;A^B^1',
      ' ;;C^D^2',
      ' ;;',
    ]);
    expect(cuts).toEqual(['2:0', '6:0', '7:0', '8:4']);
  });

  it('let a comment block go with the label below it, and count as a sign of a section', async () => {
    expect(
      await strengthsOf('mumps', [
        'TEST ;title',
        ' S X=1',
        ' ; Counts the rows',
        ' ; of the file',
        'CNT',
        ' S N=1',
        ' Q',
      ]),
    ).toEqual(['2:3', '6:0']);
  });

  it('do not take a conditional QUIT for an end', async () => {
    expect(await strengthsOf('mumps', ['TEST ;title', ' I X Q', 'A', ' W 1', ' Q:X', 'B', ' W 2', ' Q'])).toEqual([
      '2:1',
      '4:0',
      '5:1',
      '7:0',
    ]);
  });
});
