/** Counts to ten, half a second or so many milliseconds apart. {@code samples/run exec --port 8080 -- java samples/Counter.java} puts it on a WebSocket. */
public class Counter {
    public static void main(String[] args) throws InterruptedException {
        int pause = args.length > 0 ? Integer.parseInt(args[0]) : 500;
        for (int number = 1; number <= 10; number++) {
            System.out.println(number);
            Thread.sleep(pause);
        }
    }
}
