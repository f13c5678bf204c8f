using Parquet;
using Parquet.Schema;

namespace Diarist.Cli.Batch;

/// <summary>A report as an Apache Parquet file: a row for each recording.</summary>
internal static class BatchParquet
{
    private static readonly DataField Id = new DataField<string>("id");
    private static readonly DataField State = new DataField<string>("state");
    private static readonly DataField Seconds = new DataField<double?>("seconds");
    private static readonly DataField Speakers = new DataField<int?>("speakers");
    private static readonly DataField Speech = new DataField<double?>("speech");
    private static readonly DataField Took = new DataField<double?>("took");
    private static readonly DataField Language = new DataField<string>("language");
    private static readonly DataField Source = new DataField<string>("source");
    private static readonly DataField Key = new DataField<string>("key");
    private static readonly DataField Code = new DataField<int?>("exitCode");
    private static readonly DataField Message = new DataField<string>("message");
    private static readonly DataField Tries = new DataField<int?>("tries");

    /// <summary>Writes the rows.</summary>
    public static void Write(Stream stream, IReadOnlyList<BatchReportRow> rows, CancellationToken cancellationToken)
    {
        // The file is written to memory first: its footer says where its columns are.
        using var memory = new MemoryStream();
        WriteAsync(memory, rows, cancellationToken).GetAwaiter().GetResult();
        stream.Write(memory.GetBuffer().AsSpan(0, (int)memory.Length));
    }

    private static async Task WriteAsync(MemoryStream memory, IReadOnlyList<BatchReportRow> rows, CancellationToken cancellationToken)
    {
        var schema = new ParquetSchema(Id, State, Seconds, Speakers, Speech, Took, Language, Source, Key, Code, Message, Tries);
        await using ParquetWriter writer = await ParquetWriter.CreateAsync(schema, memory, cancellationToken: cancellationToken).ConfigureAwait(false);
        using ParquetRowGroupWriter group = writer.CreateRowGroup();
        Task Texts(DataField field, Func<BatchReportRow, string?> value) => group.WriteAsync(field, [.. rows.Select(row => value(row)!)]);
        Task Numbers<T>(DataField field, Func<BatchReportRow, T?> value)
            where T : struct => group.WriteAsync<T>(field, rows.Select(value).ToArray().AsMemory(), cancellationToken: cancellationToken);
        await Texts(Id, row => row.Id).ConfigureAwait(false);
        await Texts(State, row => row.State).ConfigureAwait(false);
        await Numbers(Seconds, row => row.Seconds).ConfigureAwait(false);
        await Numbers(Speakers, row => row.Speakers).ConfigureAwait(false);
        await Numbers(Speech, row => row.Speech).ConfigureAwait(false);
        await Numbers(Took, row => row.Took).ConfigureAwait(false);
        await Texts(Language, row => row.Language).ConfigureAwait(false);
        await Texts(Source, row => row.Source).ConfigureAwait(false);
        await Texts(Key, row => row.Key).ConfigureAwait(false);
        await Numbers(Code, row => row.ExitCode).ConfigureAwait(false);
        await Texts(Message, row => row.Message).ConfigureAwait(false);
        await Numbers(Tries, row => row.Tries).ConfigureAwait(false);
        group.CompleteValidate();
    }
}
