// Runs in the browser's audio thread: makes 16 kHz samples of the microphone's, whatever rate it has, and hands them
// over in pieces of a tenth of a second, each with how loud it was.
const rate = 16_000;
const pieceLength = rate / 10;

class PracticeMicrophone extends AudioWorkletProcessor {
  ratio = sampleRate / rate;
  sum = 0;
  weight = 0;
  piece = new Int16Array(pieceLength);
  length = 0;
  power = 0;

  process([input]) {
    for (const sample of input?.[0] ?? []) this.take(sample);
    return true;
  }

  // Each sample is the mean of those it stands for, fractions of them included: what is too high for the new rate is
  // averaged away instead of coming back as another tone.
  take(sample) {
    let left = 1;
    while (this.weight + left >= this.ratio) {
      const part = this.ratio - this.weight;
      this.put((this.sum + sample * part) / this.ratio);
      left -= part;
      this.sum = 0;
      this.weight = 0;
    }
    this.sum += sample * left;
    this.weight += left;
  }

  put(sample) {
    const clipped = Math.max(-1, Math.min(1, sample));
    this.piece[this.length] = Math.round(clipped * 32767);
    this.length += 1;
    this.power += clipped * clipped;
    if (this.length < pieceLength) return;
    const level = Math.sqrt(this.power / pieceLength);
    const { buffer } = this.piece;
    this.port.postMessage({ samples: buffer, level }, [buffer]);
    this.piece = new Int16Array(pieceLength);
    this.length = 0;
    this.power = 0;
  }
}

registerProcessor("practice-microphone", PracticeMicrophone);
