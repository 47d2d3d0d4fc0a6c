using System.Globalization;
using System.Text;

namespace NbnsSim.Cli;

/// <summary>
/// Draws who told whom what: a lane for every host, a double one for every broadcast segment, time downwards, words to the right.
/// A pure function of its arguments.
/// </summary>
internal static class Ladder
{
    private const int MinLabelWidth = 34;
    private const int Gutter = 2;

    /// <summary>Renders the ladder; lines end with <c>\n</c> and are at most <paramref name="width"/> columns wide.</summary>
    /// <param name="lanes">The lanes from left to right.</param>
    /// <param name="steps">The steps by time.</param>
    /// <param name="width">Columns to fit in; at least 60.</param>
    /// <param name="paint">Gives a text a style, as <see cref="Terminal.Paint"/> does; null for none.</param>
    /// <param name="origin">The time that counts as zero.</param>
    /// <param name="maxRows">How many lines to draw at most, wrapped ones aside; what is left out is said.</param>
    public static string Render(
        IReadOnlyList<LadderLane> lanes, IReadOnlyList<LadderStep> steps, int width, Func<string, string, string>? paint = null, Instant origin = default, int maxRows = int.MaxValue)
    {
        var rows = LadderRow.Fold(steps);
        var drawing = new Drawing(lanes, rows, width, paint, origin);
        drawing.Header();
        for (int i = 0; i < rows.Count && i < maxRows; i++)
        {
            if (rows[i].Step.Kind == LadderKind.Command && i > 0 && rows[i - 1].Step.Kind != LadderKind.Command && rows[i].Step.Time > rows[i - 1].Step.Time)
                drawing.Idle(); // a breath between acts
            drawing.Row(rows[i]);
        }

        if (rows.Count > maxRows)
            drawing.Line(string.Create(CultureInfo.InvariantCulture, $"… {rows.Count - maxRows:N0} more lines left out"));
        return drawing.ToString();
    }

    private sealed class Drawing
    {
        private readonly StringBuilder _text = new();
        private readonly List<LadderLane> _lanes;
        private readonly int _width;
        private readonly Func<string, string, string>? _paint;
        private readonly Instant _origin;
        private readonly int _timeWidth;
        private readonly int _laneWidth;
        private readonly bool _details;
        private readonly bool _numbered;

        public Drawing(IReadOnlyList<LadderLane> lanes, List<LadderRow> rows, int width, Func<string, string, string>? paint, Instant origin)
        {
            _lanes = [.. lanes.Select(lane => lane with { Name = VisibleText.Escape(lane.Name), Detail = VisibleText.Escape(lane.Detail) })];
            _width = width;
            _paint = paint;
            _origin = origin;
            _timeWidth = Math.Max(8, rows.Count == 0 ? 0 : Time(rows.Max(row => row.Step.Time)).Length + 1);
            int room = width - _timeWidth - Gutter - MinLabelWidth;
            int names = _lanes.Count == 0 ? 0 : _lanes.Max(lane => lane.Name.Length) + 2;
            int withDetails = _lanes.Count == 0 ? 0 : Math.Max(names, _lanes.Max(lane => lane.Detail.Length) + 2);
            _details = withDetails * lanes.Count <= room;
            _numbered = !_details && names * lanes.Count > room;
            // Crowded lanes are numbered, three columns each at least; what then sticks out is wider than asked for.
            _laneWidth = Math.Max(_details ? withDetails : _numbered ? Math.Min(5, room / Math.Max(1, lanes.Count)) : names, 3);
        }

        public override string ToString() => _text.ToString();

        public void Header()
        {
            if (_numbered)
            {
                for (int i = 0; i < _lanes.Count; i++)
                    Line(string.Create(CultureInfo.InvariantCulture, $"{new string(' ', _timeWidth + Gutter)}{i + 1,2} = {_lanes[i].Name}  {_lanes[i].Detail}"));
                HeaderRow("seconds", i => (i + 1).ToString(CultureInfo.InvariantCulture));
                return;
            }

            HeaderRow("seconds", i => _lanes[i].Name);
            if (_details)
                HeaderRow("", i => _lanes[i].Detail);
        }

        public void Idle() => _text.Append(' ', _timeWidth + Gutter).Append(Paint(Lanes(null).TrimEnd(), "2")).Append('\n');

        public void Line(string text) => _text.Append(text).Append('\n');

        public void Row(LadderRow row)
        {
            int labelAt = _timeWidth + Gutter + LanesWidth;
            string style = row.Step.Kind switch
            {
                LadderKind.Command => "36",
                LadderKind.Demand => "33",
                LadderKind.Positive => "32",
                LadderKind.Negative => "31",
                LadderKind.Event => "1;35",
                LadderKind.Note => "2",
                _ => "",
            };
            bool first = true;
            foreach (string line in TextColumns.Wrap(row.Label, Math.Max(20, _width - labelAt)))
            {
                _text.Append(first ? Time(row.Step.Time).PadLeft(_timeWidth) : new string(' ', _timeWidth)).Append(' ', Gutter)
                    .Append(Paint(Lanes(first ? row.Step : null), first ? style : "2")).Append(Paint(line, style)).Append('\n');
                first = false;
            }
        }

        private string Time(Instant time) => string.Create(CultureInfo.InvariantCulture, $"{(time - _origin).TotalSeconds:0.000}");

        /// <summary>The last lane's right half is given to the words.</summary>
        private int LanesWidth => _lanes.Count == 0 ? 0 : X(_lanes.Count - 1) + 3;

        private int X(int lane) => (lane * _laneWidth) + (_laneWidth / 2);

        private void HeaderRow(string time, Func<int, string> title)
        {
            var line = new StringBuilder(time.PadLeft(_timeWidth)).Append(' ', Gutter);
            for (int i = 0; i < _lanes.Count; i++)
            {
                string name = title(i);
                int at = _timeWidth + Gutter + X(i) - (name.Length / 2);
                line.Append(' ', Math.Max(0, at - line.Length)).Append(name);
            }

            _text.Append(Paint(line.ToString(), "1")).Append('\n');
        }

        /// <summary>The lanes' part of a line, <paramref name="step"/> drawn across it.</summary>
        private string Lanes(LadderStep? step)
        {
            var line = new char[LanesWidth];
            Array.Fill(line, ' ');
            for (int i = 0; i < _lanes.Count; i++)
                line[X(i)] = _lanes[i].IsSegment ? '║' : '│';
            if (step is null)
                return new string(line);
            int from = X(step.From);
            if (step.From == step.To)
            {
                line[from] = step.Kind switch { LadderKind.Command => '◆', LadderKind.Event => '★', _ => '●' };
                return new string(line);
            }

            int to = X(step.To);
            int direction = Math.Sign(to - from);
            line[from] = _lanes[step.From].IsSegment ? (direction > 0 ? '╟' : '╢') : direction > 0 ? '├' : '┤';
            for (int x = from + direction; x != to; x += direction)
                line[x] = line[x] switch { '║' => '╫', '│' => '┼', _ => '─' };
            line[to - direction] = step.Lost ? '✗' : direction > 0 ? '▶' : '◀';
            return new string(line);
        }

        private string Paint(string text, string style) => _paint?.Invoke(text, style) ?? text;
    }
}
