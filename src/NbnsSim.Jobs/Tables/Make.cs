namespace NbnsSim.Jobs.Tables;

/// <summary>Columns of a table, in few words.</summary>
internal static class Make<TRow>
{
    public static Func<Column<TRow>> Value<T>(string name, string meaning, ValueOf<TRow, T> value)
        where T : unmanaged => () => new ValueColumn<TRow, T>(name, meaning, value);

    public static Func<Column<TRow>> Optional<T>(string name, string meaning, ValueOf<TRow, T?> value)
        where T : unmanaged => () => new OptionalColumn<TRow, T>(name, meaning, value);

    public static Func<Column<TRow>> Time(string name, string meaning, ValueOf<TRow, Instant> value) =>
        () => new GivenTimeColumn<TRow>(name, meaning, value);

    public static Func<Column<TRow>> OptionalTime(string name, string meaning, ValueOf<TRow, Instant?> value) =>
        () => new OptionalTimeColumn<TRow>(name, meaning, value);

    public static Func<Column<TRow>> Text(string name, string meaning, ValueOf<TRow, string> value) =>
        () => new GivenTextColumn<TRow>(name, meaning, value);

    public static Func<Column<TRow>> OptionalText(string name, string meaning, ValueOf<TRow, string?> value) =>
        () => new OptionalTextColumn<TRow>(name, meaning, value);

    /// <summary>A text that is hardly ever the same twice.</summary>
    public static Func<Column<TRow>> UniqueText(string name, string meaning, ValueOf<TRow, string> value) =>
        () => new GivenTextColumn<TRow>(name, meaning, value, isRepeated: false);

    public static Func<Column<TRow>> Numbers(string name, string meaning, ValueOf<TRow, IReadOnlyList<long>> value) =>
        () => new NumberListColumn<TRow>(name, meaning, value);

    public static Func<Column<TRow>> Texts(string name, string meaning, ValueOf<TRow, IReadOnlyList<string>> value) =>
        () => new TextListColumn<TRow>(name, meaning, value);
}
