using System.Text;
using NbnsSim.Files;
using NbnsSim.Query.Tool;

using var output = new StreamWriter(new OutputStream(Console.OpenStandardOutput(), "Standard output", hasReader: true), new UTF8Encoding(encoderShouldEmitUTF8Identifier: false), bufferSize: 1 << 15);
return QueryTool.Run(args, output, Console.Error);
