using Diarist.Formats;

namespace Diarist.Transcripts.JsonFormats;

/// <summary>Soniox: <c>tokens</c> with <c>start_ms</c> and <c>end_ms</c>; in its live answers those that are not final come again.</summary>
internal sealed class TokensJson : JsonDialect
{
    public override bool Recognizes(JsonValue value) =>
        !value.HasArray("segments") && value.HasObjects("tokens") && value.FirstOf("tokens") is { } first && first.HasText("text") && JsonItem.HasTimes(first);

    /// <summary>Live answers without tokens say nothing.</summary>
    public override bool Continues(JsonValue value) => value.HasArray("tokens");

    public override string Read(JsonValue value, JsonTranscriptBuilder into)
    {
        JsonValue[] tokens = [.. value.ItemsOf("tokens").Where(token => !(token.TryGet("is_final", out JsonValue final) && final.IsFalse))];
        if (tokens.Length == 0)
        {
            into.Partial(value);
        }
        else
        {
            string? text = value.TextOf("text");
            into.Segment(text, null, owner: value);
            into.Tokens([.. tokens.Select(token => new TimedToken(JsonItem.RequireText(token, "a token"), JsonItem.TimesOf(token)))], text, tokens);
        }

        return "soniox";
    }
}
