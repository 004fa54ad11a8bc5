import { describe, expect, it } from 'vitest';
import { bleu4 } from '../../bench/metrics/bleu.ts';
import { chrf } from '../../bench/metrics/chrf.ts';
import { meteor } from '../../bench/metrics/meteor.ts';
import { porterStem } from '../../bench/metrics/porter.ts';
import { rougeL } from '../../bench/metrics/rouge.ts';

/**
 * What the published implementations say: bleu.py of CodeXGLUE (its `score_cooked`), rouge-score 0.1.2 (no stemmer), METEOR of NLTK 3.9.1
 * (Porter's original stemmer, an empty WordNet), chrF of sacreBLEU 2.4.3.
 */
const references: readonly (readonly [string, string, Readonly<Record<string, number>>])[] = [
  [
    'Find the video packet id in the page for the provided URL.',
    'Finds the Video Packet ID in the HTML for the provided URL',
    { bleu: 0.61300283, rougeL: 0.8333333333, meteor: 0.9063588553, chrf: 0.5285062566 },
  ],
  [
    'Return the sum of two numbers.',
    'Returns the sum of two numbers.',
    { bleu: 0.8365728971, rougeL: 0.8333333333, meteor: 0.9985422741, chrf: 0.8521794207 },
  ],
  [
    'Opens a connection to the server and reads the answer.',
    'Read the response of a server after connecting',
    { bleu: 0.1288318798, rougeL: 0.2222222222, meteor: 0.4481927711, chrf: 0.3915918096 },
  ],
  [
    'Parse JSON.',
    'Wrapper around json.loads. Wraps errors in custom exception with a snippet of the data in the message.',
    { bleu: 0.0076273154, rougeL: 0.1, meteor: 0.0520833333, chrf: 0.0189346055 },
  ],
  [
    'Checks whether the user may see the report and logs the attempt when they may not.',
    'Check if a user is allowed to view a report.',
    { bleu: 0.0810966739, rougeL: 0.1538461538, meteor: 0.1724137931, chrf: 0.2565851561 },
  ],
  [
    'the the the the the',
    'the cat is on the mat',
    { bleu: 0.2418771104, rougeL: 0.3636363636, meteor: 0.1694915254, chrf: 0.1535881106 },
  ],
  [
    'Completely unrelated words stand here.',
    'Nothing matches anything over there',
    { bleu: 0.0, rougeL: 0.0, meteor: 0.0, chrf: 0.1445330017 },
  ],
  [
    'Set an option by name, with its default when it is missing.',
    'Set an option by name, with its default when it is missing.',
    { bleu: 1.0, rougeL: 1.0, meteor: 0.9998177843, chrf: 1.0 },
  ],
  [
    'Closes all open streams; then stops the writer thread.',
    'Stop the writer and close every open stream, in this order.',
    { bleu: 0.1393583877, rougeL: 0.2, meteor: 0.4958545918, chrf: 0.3967429962 },
  ],
  [
    'Sorting happens by name and by size, then it is printed',
    'Sorts by size and name and prints the sorted list of files',
    { bleu: 0.1659038701, rougeL: 0.2608695652, meteor: 0.4259259259, chrf: 0.3501456032 },
  ],
];

describe('metrics of summaries agree with the published implementations', () => {
  for (const [candidate, reference, wanted] of references) {
    it(`on “${candidate}”`, () => {
      expect(bleu4(candidate, reference)).toBeCloseTo(wanted['bleu'] ?? -1, 8);
      expect(rougeL(candidate, reference)).toBeCloseTo(wanted['rougeL'] ?? -1, 8);
      expect(meteor(candidate, reference)).toBeCloseTo(wanted['meteor'] ?? -1, 8);
      expect(chrf(candidate, reference)).toBeCloseTo(wanted['chrf'] ?? -1, 8);
    });
  }

  it('stems as Porter does', () => {
    const stems =
      'caresses:caress ponies:poni ties:ti caress:caress cats:cat feed:feed agreed:agre plastered:plaster bled:bled motoring:motor sing:sing conflated:conflat troubled:troubl sized:size hopping:hop tanned:tan falling:fall hissing:hiss fizzed:fizz failing:fail filing:file happy:happi sky:sky relational:relat conditional:condit rational:ration valenci:valenc hesitanci:hesit digitizer:digit conformabli:conform radicalli:radic differentli:differ vileli:vile analogousli:analog vietnamization:vietnam predication:predic operator:oper feudalism:feudal decisiveness:decis hopefulness:hope callousness:callous formaliti:formal sensitiviti:sensit sensibiliti:sensibl triplicate:triplic formative:form formalize:formal electriciti:electr electrical:electr hopeful:hope goodness:good revival:reviv allowance:allow inference:infer airliner:airlin gyroscopic:gyroscop adjustable:adjust defensible:defens irritant:irrit replacement:replac adjustment:adjust dependent:depend adoption:adopt homologou:homolog communism:commun activate:activ angulariti:angular homologous:homolog effective:effect bowdlerize:bowdler probate:probat rate:rate cease:ceas controll:control roll:roll generalizations:gener oscillators:oscil parsing:pars strings:string returns:return connection:connect connecting:connect';
    for (const pair of stems.split(' ')) {
      const [word = '', stem = ''] = pair.split(':');
      expect(porterStem(word), word).toBe(stem);
    }
  });

  it('gives an empty text nothing and an equal one all', () => {
    for (const metric of [rougeL, meteor, chrf]) expect(metric('', 'Reads a file.')).toBe(0);
    for (const metric of [bleu4, rougeL, chrf])
      expect(metric('Reads a file now.', 'Reads a file now.')).toBeCloseTo(1, 12);
  });
});
