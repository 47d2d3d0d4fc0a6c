using Parquet;
using Parquet.Schema;

namespace NbnsSim.Jobs.Tables;

/// <summary>A column of texts, made safe to show (<see cref="TableText"/>).</summary>
internal abstract class TextColumn<TRow>(string name, string meaning, bool isNullable, bool isRepeated) : Column<TRow>
{
    public override IEnumerable<TableColumn> Descriptions => [new(name, "VARCHAR", isNullable, meaning)];

    public override IEnumerable<Field> Fields => [Field];

    public override IEnumerable<string> RepeatedTexts => isRepeated ? [name] : [];

    protected DataField Field { get; } = new(name, typeof(string), isNullable);

    /// <summary>How many octets a text takes in memory, beside those that rows share.</summary>
    protected long SizeOf(string? text) => isRepeated ? 0 : sizeof(char) * (text?.Length ?? 0);
}

/// <summary>A text that is never missing.</summary>
internal sealed class GivenTextColumn<TRow>(string name, string meaning, ValueOf<TRow, string?> value, bool isRepeated = true) : TextColumn<TRow>(name, meaning, isNullable: false, isRepeated)
{
    private readonly ColumnValues<ReadOnlyMemory<char>> _values = new();

    public override long Add(in TRow row)
    {
        string? text = value(row);
        _values.Add(TableText.Escape(text).AsMemory());
        return SizeOf(text);
    }

    public override Task WriteAsync(ParquetRowGroupWriter group) => group.WriteAsync(Field, _values.Memory);

    public override void Clear() => _values.Clear();
}

/// <summary>A text that may be missing.</summary>
internal sealed class OptionalTextColumn<TRow>(string name, string meaning, ValueOf<TRow, string?> value) : TextColumn<TRow>(name, meaning, isNullable: true, isRepeated: true)
{
    private readonly ColumnValues<ReadOnlyMemory<char>?> _values = new();

    public override long Add(in TRow row)
    {
        string? text = value(row);
        _values.Add(text is null ? (ReadOnlyMemory<char>?)null : TableText.Escape(text).AsMemory()); // without the type it would be an empty text
        return SizeOf(text);
    }

    public override Task WriteAsync(ParquetRowGroupWriter group) => group.WriteAsync<ReadOnlyMemory<char>>(Field, _values.Memory);

    public override void Clear() => _values.Clear();
}

/// <summary>A column of lists.</summary>
internal abstract class ListColumn<TRow, T> : Column<TRow>
    where T : struct
{
    private readonly string _name;
    private readonly string _type;
    private readonly string _meaning;
    private readonly DataField _element;
    private readonly ListField _field;
    private readonly ColumnValues<T> _values = new();
    private readonly ColumnValues<int> _definition = new();
    private readonly ColumnValues<int> _repetition = new();

    protected ListColumn(string name, Type element, string type, string meaning)
    {
        (_name, _type, _meaning) = (name, type, meaning);
        _element = new DataField("element", element, isNullable: false);
        _field = new ListField(name, _element);
    }

    public override IEnumerable<TableColumn> Descriptions => [new(_name, _type, false, _meaning)];

    public override IEnumerable<Field> Fields => [_field];

    public override Task WriteAsync(ParquetRowGroupWriter group) =>
        group.WriteAllPartsAsync(_element, _values.Memory, _definition.Memory, _repetition.Memory, default);

    public override void Clear()
    {
        _values.Clear();
        _definition.Clear();
        _repetition.Clear();
    }

    // Dremel's levels: a list that is empty is there (one less than the level of an element); all elements of a row but its first repeat.
    protected void Add(ReadOnlySpan<T> list)
    {
        if (list.IsEmpty)
        {
            _definition.Add(_element.MaxDefinitionLevel - 1);
            _repetition.Add(0);
        }

        for (int i = 0; i < list.Length; i++)
        {
            _values.Add(list[i]);
            _definition.Add(_element.MaxDefinitionLevel);
            _repetition.Add(i == 0 ? 0 : 1);
        }
    }
}

/// <summary>A column of lists of numbers.</summary>
internal sealed class NumberListColumn<TRow>(string name, string meaning, ValueOf<TRow, IReadOnlyList<long>> value)
    : ListColumn<TRow, long>(name, typeof(long), "BIGINT[]", meaning)
{
    public override long Add(in TRow row)
    {
        long[] numbers = [.. value(row)];
        Add(numbers);
        return (sizeof(long) + (2 * sizeof(int))) * (long)numbers.Length;
    }
}

/// <summary>A column of lists of texts.</summary>
internal sealed class TextListColumn<TRow>(string name, string meaning, ValueOf<TRow, IReadOnlyList<string>> value)
    : ListColumn<TRow, ReadOnlyMemory<char>>(name, typeof(string), "VARCHAR[]", meaning)
{
    public override long Add(in TRow row)
    {
        ReadOnlyMemory<char>[] texts = [.. value(row).Select(text => TableText.Escape(text).AsMemory())];
        Add(texts);
        return texts.Sum(text => 32L + (sizeof(char) * text.Length));
    }
}
