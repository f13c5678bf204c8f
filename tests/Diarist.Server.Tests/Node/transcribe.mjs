// The unmodified client of OpenAI for Node against a server: node transcribe.mjs ADDRESS FILE
import fs from 'node:fs';
import OpenAI from 'openai';

const [address, file] = process.argv.slice(2);
const client = new OpenAI({ baseURL: `${address}v1`, apiKey: 'not-needed-on-this-machine' });
const ask = (options) => client.audio.transcriptions.create({ file: fs.createReadStream(file), model: 'gpt-4o-transcribe-diarize', ...options });

const collect = async (stream) => {
  const events = [];
  for await (const event of await stream) {
    events.push(event);
  }

  return events;
};

// All at once: the server does the work once.
const [diarized, strategy, plain, verbose, srt, events] = await Promise.all([
  ask({ response_format: 'diarized_json', chunking_strategy: 'auto' }),
  ask({ response_format: 'diarized_json', chunking_strategy: { type: 'server_vad', threshold: 0.5 } }),
  ask({ response_format: 'json', model: 'whisper-1' }),
  ask({ response_format: 'verbose_json', model: 'whisper-1', timestamp_granularities: ['word', 'segment'] }),
  ask({ response_format: 'srt' }),
  collect(ask({ response_format: 'diarized_json', stream: true, chunking_strategy: 'auto' })),
]);

let refused;
try {
  await ask({ response_format: 'nonsense' });
} catch (error) {
  refused = { status: error.status, param: error.param, request: error.requestID };
}

const models = [];
for await (const model of client.models.list()) {
  models.push(model.id);
}

console.log(JSON.stringify({ diarized, strategy, plain, verbose, srt, events, refused, models }));
