using Parquet;
using Parquet.Schema;

namespace NbnsSim.Jobs.Tables;

/// <summary>A column of texts, made safe to show (<see cref="TableText"/>).</summary>
internal sealed class TextColumn<TRow>(string name, string meaning, bool isNullable, ValueOf<TRow, string?> value, bool isRepeated = true) : Column<TRow>
{
    private readonly DataField _field = new(name, typeof(string), isNullable);
    private readonly List<string?> _values = [];

    public override IEnumerable<TableColumn> Descriptions => [new(name, "VARCHAR", isNullable, meaning)];

    public override IEnumerable<Field> Fields => [_field];

    public override IEnumerable<string> RepeatedTexts => isRepeated ? [_field.Name] : [];

    public override long Add(in TRow row)
    {
        string? text = value(row);
        _values.Add(text is null && !isNullable ? "" : TableText.Escape(text));
        return isRepeated ? 0 : sizeof(char) * (text?.Length ?? 0);
    }

    public override Task WriteAsync(ParquetRowGroupWriter group) => isNullable
        ? group.WriteAsync<ReadOnlyMemory<char>>(_field, _values.Select(text => text is null ? (ReadOnlyMemory<char>?)null : text.AsMemory()).ToArray().AsMemory())
        : group.WriteAsync<ReadOnlyMemory<char>>(_field, _values.Select(text => text.AsMemory()).ToArray().AsMemory());

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
    private readonly List<T> _values = [];
    private readonly List<int> _definition = [];
    private readonly List<int> _repetition = [];

    protected ListColumn(string name, Type element, string type, string meaning)
    {
        (_name, _type, _meaning) = (name, type, meaning);
        _element = new DataField("element", element, isNullable: false);
        _field = new ListField(name, _element);
    }

    public override IEnumerable<TableColumn> Descriptions => [new(_name, _type, false, _meaning)];

    public override IEnumerable<Field> Fields => [_field];

    public override Task WriteAsync(ParquetRowGroupWriter group) =>
        group.WriteAllPartsAsync<T>(_element, _values.ToArray(), _definition.ToArray(), _repetition.ToArray(), default);

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
