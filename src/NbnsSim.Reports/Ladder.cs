using System.Globalization;
using System.Text;

namespace NbnsSim.Reports;

/// <summary>
/// Draws who told whom what: a lane for every host, a double one for every broadcast segment, time downwards, words to the right.
/// </summary>
internal static class Ladder
{
    private const int MinLabelWidth = 34;
    private const int Gutter = 2;

    /// <summary>Draws the ladder as wide as the writer is.</summary>
    /// <param name="writer">Where to.</param>
    /// <param name="lanes">The lanes from left to right.</param>
    /// <param name="steps">The steps by time.</param>
    /// <param name="maxRows">How many lines to draw at most, wrapped ones aside; what is left out is said.</param>
    public static void Write(ReportWriter writer, IReadOnlyList<LadderLane> lanes, IReadOnlyList<LadderStep> steps, int maxRows = int.MaxValue)
    {
        var rows = LadderRow.Fold(steps);
        var drawing = new Drawing(writer, lanes, rows);
        drawing.Header();
        for (int i = 0; i < rows.Count && i < maxRows; i++)
        {
            if (rows[i].Step.Role == ReportRole.Command && i > 0 && rows[i - 1].Step.Role != ReportRole.Command && rows[i].Step.Time > rows[i - 1].Step.Time)
                drawing.Idle(); // a breath between acts
            drawing.Row(rows[i]);
        }

        if (rows.Count > maxRows)
            writer.WriteLine(string.Create(CultureInfo.InvariantCulture, $"… {rows.Count - maxRows:N0} more lines left out"));
    }

    private sealed class Drawing
    {
        private readonly ReportWriter _writer;
        private readonly List<LadderLane> _lanes;
        private readonly int _timeWidth;
        private readonly int _laneWidth;
        private readonly bool _details;
        private readonly bool _numbered;

        public Drawing(ReportWriter writer, IReadOnlyList<LadderLane> lanes, List<LadderRow> rows)
        {
            _writer = writer;
            _lanes = [.. lanes.Select(lane => lane with { Name = VisibleText.Escape(lane.Name), Detail = VisibleText.Escape(lane.Detail) })];
            _timeWidth = Math.Max(8, rows.Count == 0 ? 0 : RunSeconds.Of(rows.Max(row => row.Step.Time)).Length + 1);
            int room = writer.Width - _timeWidth - Gutter - MinLabelWidth;
            int names = _lanes.Count == 0 ? 0 : _lanes.Max(lane => lane.Name.Length) + 2;
            int withDetails = _lanes.Count == 0 ? 0 : Math.Max(names, _lanes.Max(lane => lane.Detail.Length) + 2);
            _details = withDetails * lanes.Count <= room;
            _numbered = !_details && names * lanes.Count > room;
            // Crowded lanes are numbered, three columns each at least; what then sticks out is wider than asked for.
            _laneWidth = Math.Max(_details ? withDetails : _numbered ? Math.Min(5, room / Math.Max(1, lanes.Count)) : names, 3);
        }

        public void Header()
        {
            if (_numbered)
            {
                for (int i = 0; i < _lanes.Count; i++)
                    _writer.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{new string(' ', _timeWidth + Gutter)}{i + 1,2} = {_lanes[i].Name}  {_lanes[i].Detail}"));
                HeaderRow("seconds", i => (i + 1).ToString(CultureInfo.InvariantCulture));
                return;
            }

            HeaderRow("seconds", i => _lanes[i].Name);
            if (_details)
                HeaderRow("", i => _lanes[i].Detail);
        }

        public void Idle()
        {
            _writer.Write(new string(' ', _timeWidth + Gutter));
            _writer.WriteLine(Lanes(null).TrimEnd(), ReportRole.Aside);
        }

        public void Row(LadderRow row)
        {
            int labelAt = _timeWidth + Gutter + LanesWidth;
            bool first = true;
            foreach (string line in TextColumns.Wrap(row.Label, Math.Max(20, _writer.Width - labelAt)))
            {
                _writer.Write((first ? RunSeconds.Of(row.Step.Time) : "").PadLeft(_timeWidth) + new string(' ', Gutter));
                _writer.Write(Lanes(first ? row.Step : null), first ? row.Step.Role : ReportRole.Aside);
                _writer.WriteLine(line, row.Step.Role);
                first = false;
            }
        }

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

            _writer.WriteLine(line.ToString(), ReportRole.Title);
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
                line[from] = step.Role switch { ReportRole.Command => '◆', ReportRole.Event => '★', _ => '●' };
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
    }
}
