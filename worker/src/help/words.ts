/**
 * The words that both sides see after a match, to be said on the telephone.
 *
 * @module
 */

/** Plain nouns that sound like no other in the list. Their number divides 256, so that a random byte prefers none. */
export const WORDS: readonly string[] = `
acorn almond amber anchor apple arrow autumn badge bamboo banjo barley basket beacon berry bicycle birch bottle branch
brass bridge bucket butter button cactus camel candle canyon carpet carrot castle cedar cello cherry chimney circle
clover cobalt coffee comet copper coral cotton cradle cricket crystal cushion daisy dolphin donkey dragon drummer
eagle ember engine falcon feather ferry fiddle forest fossil fountain garden ginger glacier goblet granite guitar
hammer harbor hazel helmet heron honey island ivory jacket jasmine jigsaw jungle kettle kitten ladder lantern lemon
lily lobster magnet maple marble meadow meteor mirror mountain mustard napkin nectar needle nutmeg oasis olive orchard
otter oyster paddle panda pebble pencil pepper piano pillow planet pumpkin quartz rabbit raisin ribbon river rocket
saddle salmon sparrow spider tiger tulip turtle velvet walnut window
`
  .trim()
  .split(/\s+/);

/** Two different words. */
export function newWord(): string {
  for (;;) {
    const [first = 0, second = 0] = crypto.getRandomValues(new Uint8Array(2)).map((byte) => byte % WORDS.length);
    if (first !== second) return `${WORDS[first]} ${WORDS[second]}`;
  }
}
