using NbnsSim.Cli;

using var terminal = Terminal.ForProcess();
return Tool.Run(args, terminal);
