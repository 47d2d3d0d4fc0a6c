using NbnsSim.Cluster.Tool;

return await ClusterTool.RunAsync(args, Console.Out, Console.Error);
